//! Does the WhatsApp account tell our app, and nobody divert the messages?
//! Without the subscription nothing arrives, and nothing says so.

use model::ids::WabaId;
use whatsapp::wire::node::SubscribedApp;

use super::said::Said;
use super::scene::Line;
use crate::config::Secret;

pub async fn check(line: &Line<'_>) -> Said {
    let client = match &line.client {
        Ok(client) => client,
        Err(why) => return Said::skip(why),
    };
    let waba = WabaId::new(&line.number.waba_id);
    match client.subscribed_apps(&waba).await {
        Ok(apps) => judge(line, &apps),
        Err(fault) => Said::of(&fault),
    }
}

fn judge(line: &Line<'_>, apps: &[SubscribedApp]) -> Said {
    let waba = &line.number.waba_id;
    let Some(id) = line.app.and_then(|app| app.meta_app_id.as_deref()) else {
        let names: Vec<_> = apps.iter().filter_map(|app| app.name.as_deref()).collect();
        return Said::warn(
            format!("account {waba} tells {} apps: {}", apps.len(), names.join(", ")),
            "set app.meta_app_id, so that ours can be told from others",
        );
    };
    let Some(ours) = apps.iter().find(|app| app.id.as_deref() == Some(id)) else {
        return Said::fail(format!("account {waba} does not tell the app {id}"), subscribe(line));
    };
    let foreign = |url: &&str| !line.callbacks.iter().any(|callback| callback == url);
    let of_number = line
        .info
        .as_ref()
        .ok()
        .and_then(|info| info.webhook_configuration.as_ref()?.phone_number.as_deref());
    // the narrowest counts
    match (of_number, ours.override_callback_uri.as_deref()) {
        (Some(url), _) if foreign(&url) => diverted(url, "number", straighten(line)),
        (None, Some(url)) if foreign(&url) => diverted(url, "account", subscribe(line)),
        _ => Said::ok(format!("account {waba} tells the app {id}")),
    }
}

fn diverted(url: &str, by: &str, cure: String) -> Said {
    Said::fail(format!("an override of the {by} sends its messages to {url}"), cure)
}

/// Also takes an account's override away.
fn subscribe(line: &Line<'_>) -> String {
    post(line, &format!("{}/subscribed_apps", line.number.waba_id))
}

fn straighten(line: &Line<'_>) -> String {
    format!(
        "{} --json '{{\"webhook_configuration\":{{\"override_callback_uri\":\"\"}}}}'",
        post(line, &line.number.phone_number_id)
    )
}

/// A command that reads the token from where the configuration does.
fn post(line: &Line<'_>, path: &str) -> String {
    let number = line.number;
    let token = match &number.token {
        Secret::Env(name) => format!("${name}"),
        Secret::File(path) => format!("$(cat {})", path.display()),
    };
    format!(
        "curl -X POST -H \"Authorization: Bearer {token}\" {}/{}/{path}",
        number.graph_url.trim_end_matches('/'),
        number.graph_version
    )
}
