//! A WhatsApp business account and the apps that hear it.

use model::Fault;
use model::ids::WabaId;
use serde_json::{Value, json};

use super::Client;
use super::call::success;
use crate::wire::lenient;
use crate::wire::node::{SubscribedApp, WabaInfo};

const FIELDS: &str = "id,name,currency,timezone_id,country,status,account_review_status,\
business_verification_status,ownership_type,message_template_namespace,\
marketing_messages_onboarding_status,owner_business_info,health_status";

impl Client {
    pub async fn waba(&self, waba: &WabaId) -> Result<WabaInfo, Fault> {
        self.node(&[waba.as_str()], &[("fields", FIELDS)]).await
    }

    /// The apps that receive this account's webhooks. Ours must be among them:
    /// without it nothing arrives, silently.
    pub async fn subscribed_apps(&self, waba: &WabaId) -> Result<Vec<SubscribedApp>, Fault> {
        let answer = self.get(&[waba.as_str(), "subscribed_apps"], &[]).await?;
        let apps = answer.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
        Ok(apps.iter().filter_map(flat).collect())
    }

    /// Subscribes this token's app. `override_url` with its verify token sends
    /// the field `messages` there instead; without it an override is removed.
    pub async fn subscribe(
        &self,
        waba: &WabaId,
        override_url: Option<(&str, &str)>,
    ) -> Result<(), Fault> {
        let body = match override_url {
            Some((url, token)) => json!({ "override_callback_uri": url, "verify_token": token }),
            None => json!({}),
        };
        success(&self.post(&[waba.as_str(), "subscribed_apps"], &body).await?)
    }
}

/// The app stands under a key of its own, in newer answers beside it.
fn flat(row: &Value) -> Option<SubscribedApp> {
    let inner = row.get("whatsapp_business_api_data").unwrap_or(row);
    let app: SubscribedApp = lenient::part_of(inner)?;
    let outer = lenient::id(row, "override_callback_uri");
    Some(SubscribedApp {
        override_callback_uri: outer.or(app.override_callback_uri.clone()),
        ..app
    })
}
