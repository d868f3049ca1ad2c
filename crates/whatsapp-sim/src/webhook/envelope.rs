//! Changes and the envelope they travel in.

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One `changes[]` item and the account it belongs to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Change {
    pub waba_id: String,
    /// The number it is about; decides about overrides.
    #[serde(default)]
    pub number_id: Option<String>,
    pub field: String,
    pub value: Value,
}

impl Change {
    /// Appends the other's messages and statuses; false when they do not fit together.
    fn absorb(&mut self, other: &Self) -> bool {
        let same = self.waba_id == other.waba_id
            && self.number_id == other.number_id
            && self.field == "messages"
            && other.field == "messages";
        let Some(list) = ["messages", "statuses"]
            .into_iter()
            .find(|list| [self.value.get(list), other.value.get(list)].iter().all(|v| v.is_some()))
        else {
            return false;
        };
        if !same {
            return false;
        }
        for key in [list, "contacts"] {
            let more = other.value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
            if more.is_empty() {
                continue;
            }
            let into = &mut self.value[key];
            match into.as_array_mut() {
                Some(have) => have.extend(
                    more.into_iter()
                        .filter(|m| key == list || !have.contains(m))
                        .collect::<Vec<_>>(),
                ),
                None => *into = Value::Array(more),
            }
        }
        true
    }
}

/// The body of one POST: an entry per account, in order of first appearance.
pub fn envelope(changes: &[Change], merge: bool, now_s: i64) -> Value {
    let mut entries: Vec<(String, Vec<Change>)> = Vec::new();
    for change in changes {
        let at = entries.iter().position(|(id, _)| *id == change.waba_id);
        let at = at.unwrap_or_else(|| {
            entries.push((change.waba_id.clone(), Vec::new()));
            entries.len() - 1
        });
        let list = &mut entries[at].1;
        if !(merge && list.iter_mut().any(|have| have.absorb(change))) {
            list.push(change.clone());
        }
    }
    let entries = entries.into_iter().map(|(id, list)| {
        let mut entry = Map::new();
        entry.insert("id".into(), json!(id));
        // Management fields carry a time, `messages` does not.
        if list.iter().any(|c| c.field != "messages") {
            entry.insert("time".into(), json!(now_s));
        }
        let change = |c: Change| json!({ "value": c.value, "field": c.field });
        entry.insert("changes".into(), list.into_iter().map(change).collect());
        Value::Object(entry)
    });
    json!({ "object": "whatsapp_business_account", "entry": entries.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(waba: &str, number: &str, value: Value) -> Change {
        Change {
            waba_id: waba.into(),
            number_id: Some(number.into()),
            field: "messages".into(),
            value,
        }
    }

    #[test]
    fn merging_keeps_every_message_and_mixes_nothing() {
        let ana = json!([{"wa_id": "1"}]);
        let changes = [
            change("w", "n", json!({"contacts": ana, "messages": [{"id": "a"}]})),
            change("w", "n", json!({"contacts": ana, "messages": [{"id": "b"}]})),
            change("w", "n", json!({"statuses": [{"id": "c"}]})),
            change("w", "other", json!({"messages": [{"id": "d"}]})),
            change("v", "n", json!({"messages": [{"id": "e"}]})),
        ];
        let merged = envelope(&changes, true, 0);
        assert_eq!(merged["entry"].as_array().unwrap().len(), 2);
        let list = merged["entry"][0]["changes"].as_array().unwrap();
        assert_eq!(list.len(), 3);
        assert_eq!(list[0]["value"]["messages"], json!([{"id": "a"}, {"id": "b"}]));
        assert_eq!(list[0]["value"]["contacts"], ana);
        assert_eq!(list[2]["value"]["messages"], json!([{"id": "d"}]));
        assert!(merged["entry"][0].get("time").is_none());
        let single = envelope(&changes, false, 0);
        assert_eq!(single["entry"][0]["changes"].as_array().unwrap().len(), 4);
    }
}
