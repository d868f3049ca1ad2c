//! An item put back into a body of its own, so that it can be taken in anew
//! when the body that it came in is gone.

use model::UnixMs;
use serde_json::{Map, Value, json};

use super::{Contact, Item, ItemBody, split};
use crate::keys::natural_key;

impl Item {
    /// A webhook body that holds this item alone: [`split`] makes the very same
    /// item of it. `None` for what is broken at its outer layers, and for an
    /// unknown key of a value, which is an item only beside others.
    pub fn alone(&self) -> Option<String> {
        self.values().into_iter().map(|value| self.body_around(&value)).find(|body| {
            split(body.as_bytes()).is_ok_and(|items| match items.as_slice() {
                [one] => {
                    one.body == self.body
                        && one.raw.get() == self.raw.get()
                        && natural_key(one) == natural_key(self)
                }
                _ => false,
            })
        })
    }

    fn body_around(&self, value: &str) -> String {
        let mut entry = String::new();
        if !self.waba_id.as_str().is_empty() {
            entry.push_str(&format!("\"id\":{},", Value::from(self.waba_id.as_str())));
        }
        if let Some(UnixMs(ms)) = self.entry_time {
            let time = if ms % 1_000 == 0 { ms / 1_000 } else { ms };
            entry.push_str(&format!("\"time\":{time},"));
        }
        let field = Value::from(self.field.as_str());
        format!(
            "{{\"object\":\"whatsapp_business_account\",\"entry\":[{{{entry}\"changes\":\
             [{{\"field\":{field},\"value\":{value}}}]}}]}}"
        )
    }

    /// The ways in which its value may have held it.
    fn values(&self) -> Vec<String> {
        let raw = self.raw.get();
        if self.part.is_empty() {
            return vec![raw.to_owned()];
        }
        let part = Value::from(self.part.as_str());
        let with = |held: String| {
            let mut frame = Value::Object(self.frame()).to_string();
            frame.truncate(frame.len() - 1);
            let comma = if frame.len() > 1 { "," } else { "" };
            format!("{frame}{comma}{part}:{held}}}")
        };
        let of_chunk = format!("[{{\"errors\":[{raw}]}}]");
        let held = [format!("[{raw}]"), self.chunk(raw), of_chunk];
        held.into_iter().map(with).collect()
    }

    /// What belongs to all items of a value, as far as it concerns this one.
    fn frame(&self) -> Map<String, Value> {
        let mut frame = Map::new();
        let mut metadata = Map::new();
        if let Some(number) = &self.phone_number_id {
            metadata.insert("phone_number_id".into(), number.as_str().into());
        }
        if let Some(shown) = &self.display_phone_number {
            metadata.insert("display_phone_number".into(), shown.as_str().into());
        }
        if !metadata.is_empty() {
            frame.insert("messaging_product".into(), "whatsapp".into());
            frame.insert("metadata".into(), metadata.into());
        }
        if let Some(contact) = &self.contact {
            frame.insert("contacts".into(), json!([contact.to_value()]));
        }
        frame
    }

    /// An imported message lies in a thread of a chunk.
    fn chunk(&self, raw: &str) -> String {
        let one = match &self.body {
            ItemBody::History(one) => Some(one),
            _ => None,
        };
        let about = one.map(|one| {
            let held = [
                ("phase", one.phase),
                ("chunk_order", one.chunk_order),
                ("progress", one.progress),
            ];
            let held = held.into_iter().filter_map(|(key, n)| Some((key.to_owned(), n?.into())));
            Value::Object(held.collect())
        });
        let about = about.map(|about| format!("\"metadata\":{about},")).unwrap_or_default();
        let thread = one.and_then(|one| one.thread.as_deref());
        let thread = thread.map(|id| format!("\"id\":{},", Value::from(id))).unwrap_or_default();
        format!("[{{{about}\"threads\":[{{{thread}\"messages\":[{raw}]}}]}}]")
    }
}

impl Contact {
    /// As Meta writes it.
    fn to_value(&self) -> Value {
        let mut contact = Map::new();
        let mut put = |key: &str, text: &Option<String>| {
            if let Some(text) = text {
                contact.insert(key.into(), text.as_str().into());
            }
        };
        put("wa_id", &self.party.wa_id);
        put("user_id", &self.party.bsuid);
        put("parent_user_id", &self.party.parent_bsuid);
        put("identity_key_hash", &self.identity_key_hash);
        put("country_code", &self.country_code);
        let mut profile = Map::new();
        if let Some(name) = &self.name {
            profile.insert("name".into(), name.as_str().into());
        }
        if let Some(username) = &self.username {
            profile.insert("username".into(), username.as_str().into());
        }
        if !profile.is_empty() {
            contact.insert("profile".into(), profile.into());
        }
        contact.into()
    }
}
