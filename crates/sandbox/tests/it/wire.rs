//! Pieces of Meta's wire, as a test posts them by hand.

use serde_json::{Value, json};

pub fn words(text: &str) -> Value {
    json!({ "type": "text", "text": { "body": text } })
}

/// A webhook body of our number with this in its `value`.
pub fn body(part: Value) -> Value {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "15550009999",
                      "phone_number_id": whatsapp_sim::Config::NUMBER },
    });
    if let (Some(value), Value::Object(part)) = (value.as_object_mut(), part) {
        value.extend(part);
    }
    json!({ "object": "whatsapp_business_account", "entry": [
        { "id": whatsapp_sim::Config::WABA, "changes": [{ "field": "messages", "value": value }] }] })
}

pub fn message(wamid: &str, from: &str, text: &str, at_s: i64) -> Value {
    json!({ "from": from, "id": wamid, "timestamp": at_s.to_string(),
            "type": "text", "text": { "body": text } })
}

pub fn status(wamid: &str, word: &str, at_s: i64) -> Value {
    json!({ "id": wamid, "status": word, "timestamp": at_s.to_string(),
            "recipient_id": "15550100000" })
}
