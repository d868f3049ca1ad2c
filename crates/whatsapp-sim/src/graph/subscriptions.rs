//! Who hears what: the app's callback and fields, the account's apps.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use super::auth;
use super::{Call, Replied, Reply, Wrong};
use crate::core::Core;
use crate::state::{Override, Subscription};
use crate::webhook::shake;

const OBJECT: &str = "whatsapp_business_account";

/// `GET|POST /{APP}/subscriptions`, with the app's own token. A new callback
/// is taken only after its handshake.
pub async fn app(core: &Arc<Core>, call: &Call) -> Replied {
    let app_id = auth::app(core, call)?;
    if app_id != call.node() {
        return Err(Wrong::no_object(call.method.as_str(), call.node()));
    }
    if call.method == Method::GET {
        let world = core.world.lock();
        let app = &world.apps[&app_id];
        let field =
            |(name, version): (&String, &String)| json!({ "name": name, "version": version });
        let data = match &app.callback_url {
            None => json!([]),
            Some(url) => json!([{ "object": OBJECT, "callback_url": url, "active": true,
                "fields": app.fields.iter().map(field).collect::<Vec<_>>() }]),
        };
        return Ok(Reply::json(json!({ "data": data })));
    }
    let need = |key: &str| {
        let missing = || Wrong::graph(100, None, format!("The parameter {key} is required."));
        call.param(key).ok_or_else(missing)
    };
    if need("object")? != OBJECT {
        return Err(Wrong::with(100, format!("Param object must be {OBJECT}.")));
    }
    let (url, verify_token) = (need("callback_url")?, need("verify_token")?);
    let fields = match &call.body["fields"] {
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(String::from).collect(),
        _ => need("fields")?.split(',').map(|f| f.trim().to_owned()).collect::<Vec<_>>(),
    };
    shake(core, &url, &verify_token).await?;
    let mut world = core.world.lock();
    if let Some(app) = world.apps.get_mut(&app_id) {
        app.callback_url = Some(url);
        app.verify_token = verify_token;
        let version = call.version.clone().unwrap_or_else(|| "v26.0".into());
        app.fields = fields.into_iter().map(|f| (f, version.clone())).collect();
    }
    Ok(Reply::success())
}

/// `GET|POST|DELETE /{WABA}/subscribed_apps`, for the app of the token.
pub async fn account(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let (waba_id, percent) = auth::waba(&mut core.world.lock(), call, &token, core.now_ms())?;
    if call.method == Method::GET {
        let world = core.world.lock();
        let item = |(id, subscription): (&String, &Subscription)| {
            let name = world.apps.get(id).map(|app| app.name.clone());
            let mut item = json!({ "whatsapp_business_api_data": { "id": id, "name": name,
                "link": format!("https://www.facebook.com/games/?app_id={id}") } });
            if let Some(callback) = &subscription.callback {
                item["override_callback_uri"] = json!(callback.uri);
            }
            item
        };
        let data: Vec<_> = world.wabas[&waba_id].subscribed.iter().map(item).collect();
        return Ok(Reply::json(json!({ "data": data })).with_usage(&waba_id, percent));
    }
    let callback = match call.param("override_callback_uri") {
        Some(uri) if call.method == Method::POST => {
            if uri.chars().count() > 200 {
                return Err(Wrong::with(
                    100,
                    "Param override_callback_uri: at most 200 characters.",
                ));
            }
            let verify_token = call.param("verify_token").unwrap_or_default();
            shake(core, &uri, &verify_token).await?;
            Some(Override { uri, verify_token })
        }
        _ => None,
    };
    let mut world = core.world.lock();
    if let Some(waba) = world.wabas.get_mut(&waba_id) {
        match call.method == Method::POST {
            true => drop(waba.subscribed.insert(token.app_id, Subscription { callback })),
            false => drop(waba.subscribed.remove(&token.app_id)),
        }
    }
    Ok(Reply::success().with_usage(&waba_id, percent))
}
