//! What is known of a customer and what they wrote, by the names that a mapping
//! uses. Pure: every path of `rules::mapping::PATHS` is made here and no other.

use model::UnixMs;
use rules::names::lead_name;
use serde_json::{Map, Value, json};
use store::{Conversation, Message, Person};

use crate::body::Body;
use crate::directory::Number;
use crate::writer::Defaults;

pub struct Facts<'a> {
    pub version: i64,
    pub settings: &'a Defaults,
    pub person: &'a Person,
    pub conversation: Option<&'a Conversation>,
    pub number: Option<&'a Number>,
    pub message: Option<&'a Message>,
}

/// What is not known is left out, so that an expression finds it undefined.
pub fn source(facts: &Facts<'_>) -> Value {
    let mut source = Map::new();
    let mut put = |name: &str, group: Value| source.insert(name.into(), known(group));
    put("mapping", json!({ "version": facts.version }));
    let settings = facts.settings;
    put(
        "settings",
        json!({
            "lead_company": settings.lead_company,
            "lead_source": settings.lead_source,
            "case_origin": settings.case_origin,
        }),
    );
    put("person", person(facts.person));
    let empty = || json!({});
    put("conversation", facts.conversation.map_or_else(empty, conversation));
    put(
        "number",
        facts.number.map_or_else(empty, |n| json!({ "id": n.id.as_str(), "phone": n.display })),
    );
    let body = facts.message.map(|message| Body::open(&message.body));
    put("referral", body.as_ref().map_or_else(empty, referral));
    put("message", facts.message.zip(body).map_or_else(empty, |(m, body)| message(m, body)));
    Value::Object(source)
}

/// Without what is null or an empty text.
fn known(group: Value) -> Value {
    let Value::Object(group) = group else { return group };
    let is_known = |value: &Value| !value.is_null() && value != "";
    Value::Object(group.into_iter().filter(|(_, value)| is_known(value)).collect())
}

fn time(at: UnixMs) -> String {
    salesforce::time::to_text(at)
}

fn person(person: &Person) -> Value {
    let profile = &person.profile;
    let fallback = profile.phone_e164.as_deref().or(profile.username.as_deref());
    let name = lead_name(profile.display_name.as_deref(), fallback);
    json!({
        "id": person.id.to_string(),
        "name": profile.display_name,
        "first_name": name.first,
        "last_name": name.last,
        "phone": profile.phone_e164,
        "wa_id": profile.wa_id,
        "bsuid": profile.bsuid,
        "username": profile.username,
        "country": profile.country,
        "first_seen_at": time(person.created_at),
        "last_seen_at": time(person.seen_at),
    })
}

fn conversation(conversation: &Conversation) -> Value {
    json!({
        "id": conversation.id.to_string(),
        "opened_at": time(conversation.opened_at),
        "last_inbound_at": conversation.last_inbound_at.map(time),
    })
}

fn message(message: &Message, body: Body) -> Value {
    json!({
        "id": message.id.to_string(),
        "wamid": body.wamid,
        "type": message.kind,
        "direction": message.direction.as_str(),
        "text": body.text,
        "sent_at": time(message.sent_at),
        "reply_id": body.reply_id,
        "file_name": body.file_name,
        "mime_type": body.mime_type,
        "latitude": body.latitude,
        "longitude": body.longitude,
        "source": body.source,
    })
}

fn referral(body: &Body) -> Value {
    let part = body.source.as_ref().and_then(|source| source.get("referral"));
    let word = |name: &str| part.and_then(|part| part.get(name)).cloned();
    json!({
        "source_id": body.referral_source_id,
        "source_type": word("source_type"),
        "source_url": word("source_url"),
        "headline": word("headline"),
        "body": word("body"),
        "click_id": body.referral_click_id,
    })
}
