//! Values of field `messages` (Cloud API, Messages webhook).

use serde_json::{Value, json};

use super::Change;
use crate::graph::webhook_error;
use crate::state::{Customer, Message, Tick, World};

/// `messaging_product` and `metadata` of a number.
pub fn frame(world: &World, number_id: &str) -> Value {
    let digits = world.numbers.get(number_id).map(|n| n.digits()).unwrap_or_default();
    json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": digits, "phone_number_id": number_id },
    })
}

/// One `contacts[]` item; the number only where this portfolio may see it.
pub fn contact(customer: &Customer, business_id: &str, now_ms: i64) -> Value {
    let mut contact = json!({ "profile": { "name": customer.name } });
    if let Some(username) = &customer.username {
        contact["profile"]["username"] = json!(username);
    }
    if customer.shows_number(business_id, now_ms) {
        contact["wa_id"] = json!(customer.wa_id);
    }
    if let Some(bsuid) = customer.bsuids.get(business_id) {
        contact["user_id"] = json!(bsuid);
    }
    contact
}

/// The change that tells one step of an outbound message.
pub fn status_change(world: &mut World, wamid: &str, tick: Tick, now_ms: i64) -> Option<Change> {
    let message = world.message(wamid)?.clone();
    let waba_id = world.numbers.get(&message.number_id)?.waba_id.clone();
    let business = world.business_of(&message.number_id)?.id.clone();
    let customer = world.customers.get(&message.customer_id);
    let mut status = json!({
        "id": message.wamid, "status": tick.word(), "timestamp": (now_ms / 1000).to_string(),
    });
    let mut value = frame(world, &message.number_id);
    if let Some(customer) = customer {
        if customer.shows_number(&business, now_ms) {
            status["recipient_id"] = json!(customer.wa_id);
        }
        status["recipient_user_id"] = json!(customer.bsuids.get(&business));
        if tick != Tick::Failed {
            value["contacts"] = json!([contact(customer, &business, now_ms)]);
        }
    } else {
        // A number without WhatsApp: there is no account to name.
        status["recipient_id"] = json!(message.customer_id);
    }
    if let Some(tracker) = &message.tracker {
        status["biz_opaque_callback_data"] = json!(tracker);
    }
    if tick == Tick::Failed {
        status["errors"] = json!([webhook_error(message.error.unwrap_or(131000))]);
    }
    add_pricing(world, &message, tick, now_ms, &mut status);
    value["statuses"] = json!([status]);
    let number_id = Some(message.number_id);
    Some(Change { waba_id, number_id, field: "messages".into(), value })
}

/// `pricing` comes with `sent` and with the first of `delivered` and `read`;
/// `conversation` by payload version, and always within a free entry point.
fn add_pricing(world: &mut World, message: &Message, tick: Tick, now_ms: i64, status: &mut Value) {
    let Some(pricing) = &message.pricing else {
        return;
    };
    let told = message.took(Tick::Delivered) && tick == Tick::Read;
    if !matches!(tick, Tick::Sent | Tick::Delivered | Tick::Read) || told {
        return;
    }
    status["pricing"] = json!({
        "billable": pricing.kind == "regular", "pricing_model": "PMP",
        "type": pricing.kind, "category": pricing.category,
    });
    let free = pricing.kind == "free_entry_point";
    if free || payload_version(world, &message.number_id) < 24 {
        let origin = if free { "referral_conversion" } else { &pricing.category };
        let mut id = [0; 16];
        world.seed.fork(&message.wamid).fill(&mut id);
        let id: String = id.iter().map(|b| format!("{b:02x}")).collect();
        let mut conversation = json!({ "id": id, "origin": { "type": origin } });
        if tick == Tick::Sent {
            let ends = now_ms / 1000 + if free { 259_200 } else { 86_400 };
            conversation["expiration_timestamp"] = json!(ends.to_string());
        }
        status["conversation"] = conversation;
    }
}

/// Major payload version of the first app that listens to this number.
fn payload_version(world: &World, number_id: &str) -> u32 {
    let waba = world.numbers.get(number_id).and_then(|n| world.wabas.get(&n.waba_id));
    let mut apps =
        waba.into_iter().flat_map(|w| w.subscribed.keys()).filter_map(|a| world.apps.get(a));
    let version = apps.find_map(|app| app.fields.get("messages"));
    let major = version.and_then(|v| v.trim_start_matches('v').split('.').next()?.parse().ok());
    major.unwrap_or(24)
}
