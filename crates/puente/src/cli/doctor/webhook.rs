//! Does the Meta app post `messages` to us?

use whatsapp::wire::node::AppSubscription;

use super::said::{Said, told};
use super::scene::{Line, Scene, app_token, place};
use crate::config::App;

const OBJECT: &str = "whatsapp_business_account";
/// Graph does not tell it; a person must look.
const MODE: &str =
    "see for yourself that the app is Live (App Dashboard > Publish): Graph does not tell";

/// `heard`: a number of this app, whose client reaches Graph.
pub async fn check(scene: &Scene<'_>, at: usize, heard: Option<&Line<'_>>) -> Said {
    let app = &scene.config.apps[at];
    let Some(id) = app.meta_app_id.as_deref() else {
        let cure = "App Dashboard > App settings > Basic: copy the App ID into app.meta_app_id";
        return Said::warn("app.meta_app_id is not set, so the app cannot be asked", cure);
    };
    if let Err(why) = app.secret.read("app.secret") {
        return Said::fail(format!("{why:#}"), secret(app));
    }
    let (Some(line), Some(token)) = (heard, app_token(app)) else {
        return Said::warn(
            "no number uses this app",
            "give a [[tenant.number]] this app, or take the [[app]] out",
        );
    };
    let client = match &line.client {
        Ok(client) => client,
        Err(why) => return Said::skip(why),
    };
    match client.app_subscriptions(id, &token).await {
        Ok(rows) => judge(&rows, app, &scene.callbacks(at)),
        Err(fault) => Said::fail(told(&fault), secret(app)),
    }
}

fn judge(rows: &[AppSubscription], app: &App, callbacks: &[String]) -> Said {
    let found = rows.iter().find(|row| row.object.as_deref() == Some(OBJECT));
    let url = found.and_then(|row| row.callback_url.as_deref());
    let (Some(row), Some(url)) = (found, url) else {
        return Said::fail("the app has no callback URL for WhatsApp", enter(app, callbacks));
    };
    let mut remarks = Vec::new();
    if row.active == Some(false) {
        remarks.push(Said::fail("Meta has switched the webhook off", enter(app, callbacks)));
    }
    if !callbacks.is_empty() && !callbacks.iter().any(|ours| ours == url.trim_end_matches('/')) {
        remarks.push(Said::fail(format!("the app posts to {url}"), enter(app, callbacks)));
    }
    if !row.fields.iter().any(|field| field.name.as_deref() == Some("messages")) {
        remarks.push(Said::fail(
            "the field messages is not subscribed",
            "App Dashboard > WhatsApp > Configuration > Webhook fields: subscribe messages",
        ));
    }
    let fields = row.fields.len();
    Said::sum(
        format!("{url}, messages and {} more fields; {MODE}", fields.saturating_sub(1)),
        remarks,
    )
}

fn enter(app: &App, callbacks: &[String]) -> String {
    let url = callbacks.first().map_or("https://<server.public_url>/messages", String::as_str);
    format!(
        "App Dashboard > WhatsApp > Configuration > Webhook > Edit: callback URL {url}, verify token \
         as in {}",
        place(&app.verify_token)
    )
}

fn secret(app: &App) -> String {
    format!(
        "App Dashboard > App settings > Basic: App ID into app.meta_app_id, App secret (Show) into {}",
        place(&app.secret)
    )
}
