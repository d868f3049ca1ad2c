//! What is kept of each kind of message, by recorded webhooks.

use whatsapp::wire::webhook::{ItemBody, split};

use super::convert::body;
use crate::body::Body;
use crate::stage::fixture;

fn kept(name: &str) -> Body {
    let items = split(&fixture(name)).unwrap();
    let item = items.iter().find(|item| matches!(item.body, ItemBody::Message(_)));
    let item = item.unwrap_or_else(|| panic!("{name} has no message"));
    let ItemBody::Message(message) = &item.body else { unreachable!("found by it") };
    body(item, message)
}

/// The one field of a body that a fixture is about, and whether it is filled.
type Told = fn(&Body) -> bool;

#[test]
fn every_kind_keeps_what_people_and_rules_ask_for() {
    let table: &[(&str, Told)] = &[
        ("text", |b| b.text.is_some() && b.reply_to.is_none()),
        ("text_reply", |b| b.text.is_some() && b.reply_to.is_some()),
        ("text_referral", |b| b.referral_source_id.is_some()),
        ("image", |b| b.media_id.is_some() && b.mime_type.is_some()),
        ("video", |b| b.media_id.is_some() && b.mime_type.is_some()),
        ("audio_voice", |b| b.media_id.is_some() && b.text.is_none()),
        ("document", |b| b.media_id.is_some() && b.file_name.is_some()),
        ("sticker", |b| b.media_id.is_some()),
        ("location", |b| b.latitude.is_some() && b.longitude.is_some() && b.text.is_some()),
        ("location_bare", |b| b.latitude.is_some() && b.text.is_none()),
        ("contacts", |b| b.text.is_some()),
        ("reaction", |b| b.reply_to.is_some() && b.text.is_some()),
        ("reaction_removed", |b| b.reply_to.is_some() && b.text.is_none()),
        ("button", |b| b.reply_id.is_some() && b.text.is_some() && b.reply_to.is_some()),
        ("interactive_button", |b| b.reply_id.is_some() && b.text.is_some()),
        ("interactive_list", |b| b.reply_id.is_some() && b.text.is_some()),
        ("edit", |b| b.reply_to.is_some() && b.text.is_some()),
        ("revoke", |b| b.reply_to.is_some()),
        ("system_new_number", |b| b.text.is_some()),
        ("unsupported", |b| b.error_code.as_deref().is_some_and(|c| c.starts_with("wa."))),
    ];
    for (name, told) in table {
        let body = kept(name);
        assert!(told(&body), "{name}: {body:?}");
        assert!(body.wamid.is_some() && body.source.is_some(), "{name}");
        assert_eq!(Body::open(&body.seal()), body, "{name} comes back as it was");
    }
}

#[test]
fn what_is_not_understood_is_kept_whole() {
    for name in ["unknown_type", "type_missing", "interactive_empty", "request_welcome", "order"] {
        let body = kept(name);
        assert!(body.source.as_ref().is_some_and(|s| s.get("id").is_some()), "{name}: {body:?}");
    }
}
