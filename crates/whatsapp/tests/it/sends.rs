//! What users write is what Meta gets, and what Meta would refuse is named.

use model::ids::{AttemptId, InstallationId, Tracker};
use serde_json::{Value, json};
use whatsapp::limits::check;
use whatsapp::wire::send::{Address, Content, Message, request_body};

use crate::{fixture, names};

const TRACKER: Tracker = Tracker {
    installation: InstallationId::from_bytes([7; 16]),
    attempt: AttemptId::from_bytes([9; 16]),
    outbox: None,
};
const FRAME: [&str; 5] =
    ["messaging_product", "recipient_type", "to", "recipient", "biz_opaque_callback_data"];

fn request(name: &str) -> Value {
    serde_json::from_slice(&fixture(&format!("send/{name}.json"))).unwrap()
}

/// The message within a whole request body.
fn message_of(mut body: Value) -> Value {
    FRAME.iter().for_each(|key| drop(body.as_object_mut().unwrap().remove(*key)));
    body
}

#[test]
fn every_request_is_written_exactly_and_within_limits() {
    let mut kinds = std::collections::BTreeSet::new();
    for name in names("send") {
        let want = request(&name);
        let message =
            Message::read(&message_of(want.clone())).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        let address = want.get("to").or(want.get("recipient")).and_then(Value::as_str).unwrap();
        let address = Address::parse(address).unwrap();
        assert_eq!(request_body(&address, &message, &TRACKER), want, "{name}");
        assert_eq!(check(&message), Ok(()), "{name}");
        kinds.insert(message.content.kind());
    }
    assert!(Content::KINDS.iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
}

#[test]
fn numbers_as_text_and_back() {
    let place = json!({"type": "location", "location": {"latitude": "1.5", "longitude": -2}});
    let sent = Message::read(&place).unwrap().to_value();
    assert_eq!(sent["location"], json!({"latitude": 1.5, "longitude": -2.0}));
}

/// A typing error is found, with its path.
#[test]
fn unknown_and_wrong_keys_are_named() {
    let button = |b: Value| {
        json!({"type": "interactive", "interactive": {"type": "button", "body": {"text": "?"},
               "action": {"buttons": [b]}}})
    };
    for (message, field) in [
        (json!("hi"), "message"),
        (json!({"text": {"body": "x"}}), "type"),
        (json!({"type": "txt", "txt": {}}), "type"),
        (json!({"type": "text"}), "text"),
        (json!({"type": "text", "text": {"boddy": "x"}}), "text.boddy"),
        (json!({"type": "text", "text": {}}), "text"),
        (json!({"type": "text", "text": {"body": 5}}), "text.body"),
        (json!({"type": "text", "text": {"body": "x", "preview_url": "yes"}}), "text.preview_url"),
        (json!({"type": "text", "text": {"body": "x"}, "to": "+1555"}), "to"),
        (json!({"type": "text", "text": {"body": "x"}, "image": {}}), "image"),
        (json!({"type": "text", "text": {"body": "x"}, "tpye": 1}), "tpye"),
        (json!({"type": "text", "text": {"body": "x"}, "context": {"id": "w"}}), "context.id"),
        (
            button(json!({"type": "reply", "reply": {"id": "1", "titel": "x"}})),
            "interactive.action.buttons[0].reply.titel",
        ),
        (
            json!({"type": "contacts", "contacts": [{"name": {"formatted_name": 1}}]}),
            "contacts[0].name.formatted_name",
        ),
        (
            json!({"type": "template", "template": {"name": "x", "language": {"code": "es"},
                "components": [{"type": "body", "parameters": [{"type": "text", "txet": "x"}]}]}}),
            "template.components[0].parameters[0].txet",
        ),
    ] {
        let problems = Message::read(&message).expect_err(field);
        let fields: Vec<_> = problems.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(fields, [field], "{problems:?}");
        assert!(problems.iter().all(|p| !p.limit.is_empty() && !p.cure.is_empty()));
    }
}

#[test]
fn all_problems_at_once() {
    let message = json!({"type": "text", "text": {"bdy": 1}, "x": 1, "context": {"y": 1}});
    let problems = Message::read(&message).unwrap_err();
    let fields: Vec<_> = problems.iter().map(|p| p.field.as_str()).collect();
    assert_eq!(fields, ["x", "text.bdy", "context.y"]);
}

#[test]
fn serde_and_read_agree() {
    let value = message_of(request("template_all_parts"));
    let message: Message = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&message).unwrap(), value);
    assert!(message.is_template());
    let refused = serde_json::from_value::<Message>(json!({"type": "text", "text": {"boddy": ""}}));
    assert!(refused.unwrap_err().to_string().contains("text.boddy"));
}
