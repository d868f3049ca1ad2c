//! The Meta app: its webhook, itself, and what a token may do. These are asked
//! with the app's own token.

use model::Fault;
use serde_json::Value;

use super::call::read;
use super::{Client, Token};
use crate::faults;
use crate::wire::lenient;
use crate::wire::node::{AppInfo, AppSubscription, TokenInfo};

impl Client {
    /// What this client's own token is and may do (Graph API, Debug token).
    pub async fn debug_token(&self, as_app: &Token) -> Result<TokenInfo, Fault> {
        let query = [("input_token", self.token.expose())];
        let answer = self.get_as(as_app, &["debug_token"], &query).await?;
        let data = answer.get("data").cloned().ok_or_else(|| faults::unreadable(200))?;
        read(data)
    }

    /// Where the app's webhooks go, and which fields are on.
    pub async fn app_subscriptions(
        &self,
        app_id: &str,
        as_app: &Token,
    ) -> Result<Vec<AppSubscription>, Fault> {
        let answer = self.get_as(as_app, &[app_id, "subscriptions"], &[]).await?;
        let rows = answer.get("data").cloned().unwrap_or(Value::Null);
        Ok(lenient::list_of(&rows))
    }

    /// Proves that id and secret belong together. Graph does not tell whether an
    /// app is live or in development.
    pub async fn app(&self, app_id: &str, as_app: &Token) -> Result<AppInfo, Fault> {
        read(self.get_as(as_app, &[app_id], &[("fields", "id,name,link,category")]).await?)
    }
}
