//! What makes an item the same item when Meta sends it again. One rule per
//! webhook field, all of them here.
//!
//! Meta delivers at least once, re-batches, and sends retries to every
//! subscribed app, so a key holds only what Meta says about the event: never
//! our time, the position in the batch, or the way the bytes were escaped.

use aws_lc_rs::digest::{SHA256, digest};
use model::planted::{Planted, planted};
use serde_json::Value;

use crate::wire::lenient;
use crate::wire::webhook::{Item, ItemBody, Kind, Party};

/// The key of one item, unique within an app's webhook. Opaque: compare it,
/// never take it apart. The first part keeps the kinds apart, so that a
/// message imported as history never hides the same message arriving live.
pub fn natural_key(item: &Item) -> String {
    let number = match &item.phone_number_id {
        Some(_) if planted(Planted::KeyWithoutNumber) => String::new(),
        Some(number) => number.as_str().to_owned(),
        None => format!("waba:{}", item.waba_id),
    };
    let seconds = |t: Option<model::UnixMs>| t.map(|t| t.0.to_string()).unwrap_or_default();
    match &item.body {
        // An edit or a deletion is never taken for the message it changes.
        ItemBody::Message(m) => match &m.kind {
            Kind::Edit | Kind::Revoke => {
                join(["message", &number, m.wamid.as_str(), m.kind.as_str()])
            }
            _ => join(["message", &number, m.wamid.as_str()]),
        },
        ItemBody::Echo(m) => join(["echo", &number, m.wamid.as_str()]),
        ItemBody::History(h) => join(["history", &number, h.message.wamid.as_str()]),
        ItemBody::Status(s) => {
            let participant = s.participant.as_ref().map(handle).unwrap_or_default();
            join(["status", &number, s.wamid.as_str(), &s.word, &participant])
        }
        ItemBody::Preference(p) => {
            let (user, at) = (handle(&p.user), seconds(p.at));
            let (category, value) = (p.category.as_deref(), p.value.as_deref());
            let words = [category.unwrap_or_default(), value.unwrap_or_default()];
            join(["preference", &number, &user, words[0], words[1], &at])
        }
        ItemBody::UserIdUpdate(u) => {
            let old = u.previous_bsuid.as_deref().unwrap_or_default();
            let new = u.bsuid.as_deref().unwrap_or_default();
            join(["user_id_update", &number, old, new, &seconds(u.at)])
        }
        ItemBody::Other => of_field(item).unwrap_or_else(|| of_content(item)),
        // An error of the platform or an unreadable item names nothing of its own.
        ItemBody::Error(_) | ItemBody::Broken(_) => of_content(item),
    }
}

/// The fields that name their subject. `entry.time` is the time of the event:
/// a template may be paused twice, and both must be heard.
fn of_field(item: &Item) -> Option<String> {
    let named: &[&str] = match item.field.as_str() {
        "message_template_status_update" => {
            &["message_template_id", "message_template_language", "event"]
        }
        "message_template_quality_update" => {
            &["message_template_id", "previous_quality_score", "new_quality_score"]
        }
        "calls" => &["id", "event", "status", "type", "timestamp"],
        "automatic_events" => &["id", "event_name", "timestamp"],
        _ => return None,
    };
    let value = lenient::value_of(item.raw.get()).ok()?;
    // The first name is the subject; without it the rule says nothing.
    lenient::id(&value, named[0])?;
    let mut key = join([&item.field, item.waba_id.as_str()]);
    for name in named {
        key.push('|');
        key.push_str(&lenient::id(&value, name).unwrap_or_default());
    }
    if let Some(at) = item.entry_time {
        key.push_str(&format!("|{}", at.0));
    }
    Some(key)
}

/// SHA-256 over the change with its keys sorted, so that neither escapes, nor
/// blanks, nor the order of keys make a new event of an old one.
fn of_content(item: &Item) -> String {
    let mut text = format!("{}\n{}\n{}\n", item.waba_id, item.field, item.part);
    if let Some(at) = item.entry_time {
        text.push_str(&at.0.to_string());
    }
    text.push('\n');
    match lenient::value_of(item.raw.get()) {
        Ok(value) => canonical(&value, &mut text),
        Err(_) => text.push_str(item.raw.get()),
    }
    let number = item.phone_number_id.as_ref().map(|n| n.as_str()).unwrap_or_default();
    text.push_str(number);
    format!("sha256|{}", hex(digest(&SHA256, text.as_bytes()).as_ref()))
}

/// JSON without blanks, keys sorted at every level.
pub fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(members) => {
            out.push('[');
            for (i, member) in members.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                canonical(member, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut keys: Vec<_> = map.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                canonical(&map[key], out);
            }
            out.push('}');
        }
        leaf => out.push_str(&leaf.to_string()),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn handle(party: &Party) -> String {
    party.wa_id.clone().or_else(|| party.bsuid.clone()).unwrap_or_default()
}

fn join<const N: usize>(parts: [&str; N]) -> String {
    parts.join("|")
}
