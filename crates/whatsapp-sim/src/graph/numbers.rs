//! Phone number nodes.

use std::sync::Arc;

use serde_json::{Value, json};

use super::auth::{self, MANAGEMENT};
use super::{Call, Replied, Reply, Wrong, fields, health};
use crate::core::Core;
use crate::state::{Number, Override, Throughput, Token, World};
use crate::webhook::shake;

const DEFAULT: &[&str] = &[
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
];

/// The whole node (Cloud API, Business phone numbers).
fn node(world: &World, number: &Number) -> Value {
    let waba = world.wabas.get(&number.waba_id);
    let business = waba.and_then(|w| world.businesses.get(&w.business_id));
    let account = waba.and_then(|w| w.subscribed.values().find_map(|s| s.callback.as_ref()));
    let app = waba
        .and_then(|w| w.subscribed.keys().find_map(|id| world.apps.get(id)?.callback_url.clone()));
    let mut webhook = json!({});
    for (key, uri) in [
        ("phone_number", number.callback.as_ref().map(|o| o.uri.clone())),
        ("whatsapp_business_account", account.map(|o| o.uri.clone())),
        ("application", app),
    ] {
        if let Some(uri) = uri {
            webhook[key] = json!(uri);
        }
    }
    let tier = business.map(|b| b.tier());
    json!({
        "id": number.id, "display_phone_number": number.display,
        "verified_name": number.verified_name, "quality_rating": number.quality,
        "status": number.status(), "name_status": "APPROVED", "new_name_status": "NONE",
        "code_verification_status": "VERIFIED", "platform_type": "CLOUD_API",
        "throughput": { "level": number.throughput.level() },
        "account_mode": number.account_mode, "is_official_business_account": false,
        "is_pin_enabled": number.pin.is_some(),
        "is_on_biz_app": number.throughput == Throughput::Coexistence,
        "search_visibility": "VISIBLE", "webhook_configuration": webhook,
        "whatsapp_business_manager_messaging_limit": tier,
        "health_status": health::of_number(world, number), "username": null,
    })
}

pub fn get(world: &World, token: &Token, call: &Call) -> Replied {
    let number = &world.numbers[call.node()];
    auth::permit(token, MANAGEMENT, &number.waba_id)?;
    let kind = "WhatsAppBusinessPhoneNumber";
    Ok(Reply::json(fields::pick(call, kind, DEFAULT, node(world, number))?))
}

/// `GET /{WABA}/phone_numbers`.
pub fn list(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let world = &mut *core.world.lock();
    let (waba_id, percent) = auth::waba(world, call, &token, core.now_ms())?;
    let numbers = world.numbers.values().filter(|n| n.waba_id == waba_id);
    let kind = "WhatsAppBusinessPhoneNumber";
    let data = numbers
        .map(|number| fields::pick(call, kind, DEFAULT, node(world, number)))
        .collect::<Result<Vec<_>, _>>()?;
    let body =
        json!({ "data": data, "paging": { "cursors": { "before": "QVFI", "after": "QVFI" } } });
    Ok(Reply::json(body).with_usage(&waba_id, percent))
}

/// `POST /{PHONE_ID}`: a callback override (each set shakes hands) or a new PIN.
pub async fn set(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    auth::number(&mut core.world.lock(), call, &token, MANAGEMENT)?;
    if let Some(configuration) = call.body.get("webhook_configuration") {
        let text = |key: &str| configuration[key].as_str().unwrap_or_default().to_owned();
        let (uri, verify_token) = (text("override_callback_uri"), text("verify_token"));
        let callback = match uri.as_str() {
            "" => None,
            _ => {
                shake(core, &uri, &verify_token).await?;
                Some(Override { uri, verify_token })
            }
        };
        auth::number(&mut core.world.lock(), call, &token, MANAGEMENT)?.callback = callback;
        return Ok(Reply::success());
    }
    if let Some(pin) = call.param("pin") {
        if pin.len() != 6 || !pin.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Wrong::with(100, "Param pin must be 6 digits."));
        }
        auth::number(&mut core.world.lock(), call, &token, MANAGEMENT)?.pin = Some(pin);
        return Ok(Reply::success());
    }
    Err(Wrong::with(100, "Give webhook_configuration or pin."))
}
