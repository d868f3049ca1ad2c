//! Taking a body apart.
//!
//! The outer layers are walked over raw fragments, so that each item keeps its
//! exact bytes and a fault within one fragment stays there.

use std::fmt;

use model::UnixMs;
use model::ids::{PhoneNumberId, WabaId};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{
    Contact, HistoryMessage, Item, ItemBody, Message, Preference, StatusItem, UserIdUpdate,
    WireError,
};
use crate::wire::lenient;

/// The body is not JSON at all. It stays in the journal.
#[derive(Debug, thiserror::Error)]
#[error("the webhook body is not JSON: {0}")]
pub struct NotJson(String);

/// Every entry, change, message, status, error and so on of `body`, each as one
/// item, in Meta's order.
///
/// Fails only when the body is not JSON. Whatever is JSON but not as expected
/// comes out as [`ItemBody::Broken`] or [`ItemBody::Other`] with its raw text.
/// An envelope without entries gives no item.
pub fn split(body: &[u8]) -> Result<Vec<Item>, NotJson> {
    let text = String::from_utf8_lossy(body);
    match serde_json::from_str::<&RawValue>(&text) {
        Ok(whole) => Ok(walk(whole)),
        // Raw control characters in a text are all that mending can cure here.
        Err(err) => match serde_json::from_str::<&RawValue>(&lenient::mend(&text)) {
            Ok(whole) => Ok(walk(whole)),
            Err(_) => Err(NotJson(err.to_string())),
        },
    }
}

fn walk(whole: &RawValue) -> Vec<Item> {
    let mut out = Walk::default();
    match Fields::of(whole) {
        None => out.broken(whole, "the body is not an object"),
        Some(envelope) => match envelope.text("object") {
            Some(object) if object != "whatsapp_business_account" => {
                out.broken(whole, &format!("object: `{object}`, not `whatsapp_business_account`"));
            }
            _ => match envelope.list("entry") {
                None => out.broken(whole, "entry: not a list"),
                Some(entries) => entries.into_iter().for_each(|entry| out.entry(entry)),
            },
        },
    }
    out.items
}

/// Where the walk stands; what it found.
#[derive(Default)]
struct Walk {
    items: Vec<Item>,
    waba_id: Option<WabaId>,
    entry_time: Option<UnixMs>,
    field: String,
    part: String,
    phone_number_id: Option<PhoneNumberId>,
    display_phone_number: Option<String>,
    contacts: Vec<Contact>,
}

impl Walk {
    fn entry(&mut self, raw: &RawValue) {
        *self = Self { items: std::mem::take(&mut self.items), ..Self::default() };
        let Some(entry) = Fields::of(raw) else {
            return self.broken(raw, "entry: not an object");
        };
        self.waba_id = entry.text("id").map(WabaId::new);
        self.entry_time = entry.value("time").as_ref().and_then(lenient::as_time);
        match entry.list("changes") {
            None => self.broken(raw, "changes: not a list"),
            Some(changes) => changes.into_iter().for_each(|change| self.change(change)),
        }
    }

    fn change(&mut self, raw: &RawValue) {
        self.field = String::new();
        self.part = String::new();
        self.phone_number_id = None;
        self.display_phone_number = None;
        self.contacts.clear();
        let Some(change) = Fields::of(raw) else {
            return self.broken(raw, "change: not an object");
        };
        self.field = change.text("field").unwrap_or_default();
        let Some(value) = change.get("value") else {
            return self.broken(raw, "value: missing");
        };
        let Some(parts) = Fields::of(value) else {
            return self.push(value, ItemBody::Other, None);
        };
        self.frame(&parts);
        self.value(value, &parts);
    }

    /// The number and the contacts of one change.
    fn frame(&mut self, value: &Fields<'_>) {
        let places = ["metadata", "recipient", "phone_number_settings"];
        let held = places.into_iter().filter_map(|key| Fields::of(value.get(key)?));
        for place in held {
            let number = place.text("phone_number_id").map(PhoneNumberId::new);
            self.phone_number_id = self.phone_number_id.take().or(number);
            let shown = place.text("display_phone_number");
            self.display_phone_number = self.display_phone_number.take().or(shown);
        }
        let shown = value.text("display_phone_number");
        self.display_phone_number = self.display_phone_number.take().or(shown);
        let contacts = value.list("contacts").unwrap_or_default();
        let readable = contacts.into_iter().filter_map(|c| lenient::value_of(c.get()).ok());
        self.contacts.extend(readable.map(|contact| Contact::read(&contact)));
    }

    /// The lists of a value, each member an item; a key that is neither frame
    /// nor list is an item of its own, and a value without lists is one item.
    fn value(&mut self, raw: &RawValue, value: &Fields<'_>) {
        let before = self.items.len();
        let field = self.field.clone();
        let mut strange = Vec::new();
        for (key, part) in &value.0 {
            let reader = reader_of(&field, key);
            match (reader, members(part)) {
                (Some(reader), Some(members)) => {
                    self.part.clone_from(key);
                    let alone = members.len() == 1;
                    members.into_iter().for_each(|member| self.member(reader, member, alone));
                }
                // `"messages": null` says nothing; anything else there is told.
                (Some(_), None) if part.get() == "null" => {}
                (Some(_), None) => strange.push((key, *part)),
                (None, _) if FRAME.contains(&key.as_str()) => {}
                (None, _) => strange.push((key, *part)),
            }
        }
        self.part.clear();
        if self.items.len() == before {
            return self.push(raw, ItemBody::Other, None);
        }
        for (key, part) in strange {
            self.part.clone_from(key);
            self.push(part, ItemBody::Other, None);
        }
    }

    fn member(&mut self, reader: Reader, raw: &RawValue, alone: bool) {
        let value = match lenient::value_of(raw.get()) {
            Ok(value) => value,
            Err(err) => return self.broken(raw, &format!("not readable: {err}")),
        };
        let read = match reader {
            Reader::Message => Message::read(&value).map(|m| ItemBody::Message(Box::new(m))),
            Reader::Echo => Message::read(&value).map(|m| ItemBody::Echo(Box::new(m))),
            Reader::Status => StatusItem::read(&value).map(|s| ItemBody::Status(Box::new(s))),
            Reader::Preference => Preference::read(&value).map(ItemBody::Preference),
            Reader::UserId => UserIdUpdate::read(&value).map(ItemBody::UserIdUpdate),
            Reader::Error => Ok(ItemBody::Error(WireError::read(&value))),
            Reader::Late => HistoryMessage::read(&value, None, &Value::Null)
                .map(|h| ItemBody::History(Box::new(h))),
            Reader::Chunk => return self.chunk(raw, &value),
            Reader::Kept => Ok(ItemBody::Other),
        };
        match read {
            Ok(body) => {
                let contact = self.contact_of(&body, alone);
                self.push(raw, body, contact);
            }
            Err(reason) => self.broken(raw, &reason),
        }
    }

    /// One chunk of an import: its messages, its errors, or else itself.
    fn chunk(&mut self, raw: &RawValue, chunk: &Value) {
        let before = self.items.len();
        let about = chunk.get("metadata").unwrap_or(&Value::Null);
        let fields = Fields::of(raw).unwrap_or_default();
        for error in fields.list("errors").unwrap_or_default() {
            self.member(Reader::Error, error, false);
        }
        for thread in fields.list("threads").unwrap_or_default() {
            let Some(held) = Fields::of(thread) else {
                self.broken(thread, "thread: not an object");
                continue;
            };
            let person = held.text("id");
            for message in held.list("messages").unwrap_or_default() {
                let read = lenient::value_of(message.get())
                    .map_err(|err| format!("not readable: {err}"))
                    .and_then(|value| HistoryMessage::read(&value, person.as_deref(), about));
                match read {
                    Ok(one) => self.push(message, ItemBody::History(Box::new(one)), None),
                    Err(reason) => self.broken(message, &reason),
                }
            }
        }
        if self.items.len() == before {
            self.push(raw, ItemBody::Other, None);
        }
    }

    fn contact_of(&self, body: &ItemBody, alone: bool) -> Option<Contact> {
        let (party, guess) = match body {
            ItemBody::Message(m) => {
                (m.from.clone(), m.from.is_empty() && m.kind != super::Kind::System)
            }
            ItemBody::Echo(m) => (m.person().clone(), false),
            ItemBody::History(h) => (h.message.person().clone(), false),
            ItemBody::Status(s) => (s.participant.clone().unwrap_or(s.recipient.clone()), false),
            ItemBody::Preference(p) => (p.user.clone(), false),
            ItemBody::UserIdUpdate(u) => (u.user(), false),
            _ => return None,
        };
        let found = self.contacts.iter().find(|contact| contact.party.same(&party));
        // A message without any sender, alone with one contact, is that person's.
        let only = (guess && alone && self.contacts.len() == 1).then(|| self.contacts.first());
        found.or(only.flatten()).cloned()
    }

    fn broken(&mut self, raw: &RawValue, reason: &str) {
        self.push(raw, ItemBody::Broken(reason.to_owned()), None);
    }

    fn push(&mut self, raw: &RawValue, body: ItemBody, contact: Option<Contact>) {
        self.items.push(Item {
            waba_id: self.waba_id.clone().unwrap_or_else(|| WabaId::new("")),
            field: self.field.clone(),
            part: self.part.clone(),
            phone_number_id: self.phone_number_id.clone(),
            display_phone_number: self.display_phone_number.clone(),
            entry_time: self.entry_time,
            ordinal: u32::try_from(self.items.len()).unwrap_or(u32::MAX),
            raw: raw.to_owned(),
            contact,
            body,
        });
    }
}

/// How the members of a list are read.
#[derive(Clone, Copy)]
enum Reader {
    Message,
    Echo,
    Status,
    Preference,
    UserId,
    Error,
    /// A file of an imported message, sent after its chunk.
    Late,
    Chunk,
    /// An item each, kept raw.
    Kept,
}

/// Keys that belong to all items of a value.
const FRAME: [&str; 4] = ["messaging_product", "metadata", "contacts", "display_phone_number"];

fn reader_of(field: &str, key: &str) -> Option<Reader> {
    Some(match (field, key) {
        ("messages", "messages") => Reader::Message,
        ("messages", "statuses") => Reader::Status,
        ("smb_message_echoes" | "message_echoes", "message_echoes") => Reader::Echo,
        ("user_preferences", "user_preferences") => Reader::Preference,
        ("user_id_update", "user_id_update") => Reader::UserId,
        ("history", "history") => Reader::Chunk,
        ("history", "messages" | "message_echoes") => Reader::Late,
        (
            "messages" | "calls" | "user_preferences" | "user_id_update" | "history"
            | "smb_message_echoes" | "message_echoes",
            "errors",
        ) => Reader::Error,
        ("messages", "user_actions")
        | ("calls", "calls" | "statuses")
        | ("smb_app_state_sync", "state_sync")
        | ("automatic_events", "automatic_events") => Reader::Kept,
        (group, "groups") if group.starts_with("group_") => Reader::Kept,
        _ => return None,
    })
}

/// The keys of an object in their order, each with its raw value. A key given
/// twice is kept twice: a second `messages` is not lost.
#[derive(Default)]
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Fields<'a> {
    fn of(raw: &'a RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).ok()
    }

    fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, raw)| *raw)
    }

    fn value(&self, key: &str) -> Option<Value> {
        lenient::value_of(self.get(key)?.get()).ok()
    }

    fn text(&self, key: &str) -> Option<String> {
        lenient::as_text(&self.value(key)?).filter(|t| !t.is_empty())
    }

    /// All members under `key`, also when the key stands there twice.
    fn list(&self, key: &str) -> Option<Vec<&'a RawValue>> {
        let mut lists = self.0.iter().filter(|(name, _)| name == key).map(|(_, raw)| members(raw));
        let first = lists.next()??;
        Some(lists.fold(first, |mut all, more| {
            all.extend(more.unwrap_or_default());
            all
        }))
    }
}

fn members(raw: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::with_capacity(map.size_hint().unwrap_or(0));
                // The key too is taken raw: its escapes may be ill-formed.
                while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    let name = serde_json::from_str(&lenient::mend(key.get()));
                    all.push((name.unwrap_or_else(|_| key.get().to_owned()), value));
                }
                Ok(all)
            }
        }
        from.deserialize_map(Each).map(Fields)
    }
}
