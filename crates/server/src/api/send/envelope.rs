//! Our envelope around Meta's own message object.
//!
//! `number`, `to`, `class` and `reference` are ours; everything else is the
//! message as Meta documents it (Cloud API, Messages: `type`, that type's
//! object, `context`) and is checked by the engine.

use engine::SendRequest;
use model::ids::PhoneNumberId;
use serde::Serialize;
use serde_json::{Map, Value};
use store::Class;
use utoipa::ToSchema;

use crate::api::input::take_text;
use crate::problem::Problem;

/// What is sent: the envelope's four fields, and Meta's message object beside
/// them.
#[derive(ToSchema)]
#[schema(as = SendRequest, example = json!({
    "to": "+5491155550123",
    "class": "live",
    "reference": "case-00001026",
    "type": "text",
    "text": { "body": "Hello Ana, your order is ready." },
}))]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Envelope {
    /// Meta's id of the business number. May be left out when the tenant has one.
    #[schema(example = "106540352242922")]
    number: Option<String>,
    /// A person (`per_...`), a Salesforce record id, a phone with `+`, or a BSUID.
    to: String,
    /// `live` (default): a person waits. `automatic`: a rule answered.
    /// `campaign`: sent to many.
    class: Option<String>,
    /// Your own reference, at most 128 characters; `GET /status?reference=`
    /// finds it.
    #[schema(max_length = 128)]
    reference: Option<String>,
    /// Meta's word for the kind of message.
    #[serde(rename = "type")]
    #[schema(example = "text")]
    kind: String,
}

/// The send was accepted and is on disk.
#[derive(Serialize, ToSchema)]
pub struct Receipt {
    /// The send; ask `GET /status/{id}`.
    #[schema(example = "out_019357a0c4d87c3eb3f4a1d2c5e60718")]
    pub id: String,
    /// Where it stands now.
    #[schema(example = "queued")]
    pub status: &'static str,
    pub message_id: String,
    pub conversation_id: String,
}

impl From<&engine::Accepted> for Receipt {
    fn from(accepted: &engine::Accepted) -> Self {
        Self {
            id: accepted.outbox.to_string(),
            status: accepted.status.as_str(),
            message_id: accepted.message.to_string(),
            conversation_id: accepted.conversation.to_string(),
        }
    }
}

/// Splits the envelope from the message.
pub fn read(mut map: Map<String, Value>) -> Result<SendRequest, Problem> {
    let number = take_text(&mut map, "number", 32)?;
    if let Some(text) = &number
        && !text.bytes().all(|b| b.is_ascii_digit())
    {
        return Err(Problem::field(
            "number",
            "It is not Meta's id of a number, which has digits only.",
            "Send the phone number id, not the phone number; `GET /api/v1/numbers` lists them.",
        ));
    }
    let to = take_text(&mut map, "to", 256)?.ok_or_else(|| {
        let cure = "Send a person (per_...), a Salesforce record id, a phone with + or a BSUID.";
        Problem::field("to", "It is missing.", cure)
    })?;
    let class = match take_text(&mut map, "class", 16)? {
        None => Class::Live,
        Some(word) => Class::parse(&word).ok_or_else(|| {
            let cure = "Send live, automatic or campaign, or leave the field out.";
            Problem::field("class", "It is not a class of messages.", cure)
        })?,
    };
    let reference = take_text(&mut map, "reference", 128)?;
    set_by_us(&mut map)?;
    if !matches!(map.get("type"), Some(Value::String(kind)) if !kind.is_empty()) {
        let cure = "Send Meta's word for the kind of message, for instance text or template.";
        return Err(Problem::field("type", "It is missing or not a text.", cure));
    }
    let number = number.map(PhoneNumberId::new);
    Ok(SendRequest { number, to, class, reference, message: map })
}

/// Fields of Meta's request that only puente may set. The two constants of
/// Meta's own samples are let pass.
fn set_by_us(map: &mut Map<String, Value>) -> Result<(), Problem> {
    for (name, constant) in [("messaging_product", "whatsapp"), ("recipient_type", "individual")] {
        if let Some(value) = map.remove(name)
            && value != constant
        {
            let cure = format!("Leave it out: it is always {constant}.");
            return Err(Problem::field(name, "It has a value that puente cannot send.", cure));
        }
    }
    for (name, cure) in [
        ("recipient", "Leave it out and put the address, a BSUID too, into `to`."),
        ("biz_opaque_callback_data", "Leave it out and put your own mark into `reference`."),
    ] {
        if map.contains_key(name) {
            return Err(Problem::field(name, "Only puente sets this field.", cure));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(value: Value) -> Result<SendRequest, String> {
        let Value::Object(map) = value else { panic!("an object is expected") };
        read(map).map_err(|p| {
            let value = serde_json::to_value(&p).unwrap();
            value["field"].as_str().unwrap_or("none").to_owned()
        })
    }

    #[test]
    fn the_envelope_is_taken_off_and_the_message_stays() {
        let request = parse(json!({
            "number": "106540352242922", "to": "+5491155550123", "class": "campaign",
            "reference": "r-1", "messaging_product": "whatsapp", "recipient_type": "individual",
            "type": "text", "text": { "body": "hola" }, "context": { "message_id": "wamid.A" },
        }))
        .unwrap();
        assert_eq!(request.number.unwrap().as_str(), "106540352242922");
        assert_eq!((request.to.as_str(), request.class), ("+5491155550123", Class::Campaign));
        assert_eq!(request.reference.as_deref(), Some("r-1"));
        let rest: Vec<_> = request.message.keys().map(String::as_str).collect();
        assert_eq!(rest, ["context", "text", "type"]);
    }

    #[test]
    fn a_mistake_names_its_field() {
        let table = [
            (json!({ "type": "text" }), "to"),
            (json!({ "to": 5, "type": "text" }), "to"),
            (json!({ "to": "", "type": "text" }), "to"),
            (json!({ "to": "x".repeat(257), "type": "text" }), "to"),
            (json!({ "to": "+1", "number": "+1 555", "type": "text" }), "number"),
            (json!({ "to": "+1", "number": 7, "type": "text" }), "number"),
            (json!({ "to": "+1", "class": "urgent", "type": "text" }), "class"),
            (json!({ "to": "+1", "reference": "x".repeat(129), "type": "text" }), "reference"),
            (json!({ "to": "+1" }), "type"),
            (json!({ "to": "+1", "type": ["text"] }), "type"),
            (json!({ "to": "+1", "type": "text", "recipient_type": "group" }), "recipient_type"),
            (json!({ "to": "+1", "type": "text", "recipient": "x" }), "recipient"),
            (
                json!({ "to": "+1", "type": "text", "biz_opaque_callback_data": "x" }),
                "biz_opaque_callback_data",
            ),
        ];
        for (body, field) in table {
            assert_eq!(parse(body.clone()).err().as_deref(), Some(field), "{body}");
        }
    }
}
