//! One record to be written.

use std::fmt;

use model::UnixMs;
use model::ids::RecordId;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use crate::{Names, time};

/// An object's name and the fields to write. Names are those of the package;
/// the org's prefix is put on here ([`Names::field_of`]).
#[derive(Clone, PartialEq)]
pub struct Record {
    names: Names,
    object: String,
    sobject: String,
    id: Option<RecordId>,
    fields: Map<String, Value>,
}

impl Record {
    pub fn new(names: &Names, object: &str) -> Self {
        Self {
            names: names.clone(),
            object: object.to_owned(),
            sobject: names.object(object),
            id: None,
            fields: Map::new(),
        }
    }

    /// Writes `field`; null clears it. U+0000, which Salesforce refuses in any
    /// text, becomes U+FFFD.
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(self.names.field_of(&self.object, field), clean(value.into()));
        self
    }

    /// Writes `field` when there is a value and leaves it untouched otherwise.
    #[must_use]
    pub fn set_some(self, field: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.set(field, value),
            None => self,
        }
    }

    /// Writes a field by the very name that the org tells, which gets no prefix:
    /// on objects of ours, those that the customer added.
    #[must_use]
    pub fn set_as_told(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), clean(value.into()));
        self
    }

    /// Writes a date-time.
    #[must_use]
    pub fn set_time(self, field: &str, at: UnixMs) -> Self {
        self.set(field, time::to_text(at))
    }

    /// Points to a parent of ours by its external id, so that its record id
    /// need not be known: `link("Person__r", "Key__c", "per_…")`. The parent
    /// must exist when this record is saved, or come before it in the wave.
    #[must_use]
    pub fn link(mut self, relationship: &str, external_id_field: &str, key: &str) -> Self {
        let parent = json!({ (self.names.field(external_id_field)): key });
        self.fields.insert(self.names.relationship(relationship), parent);
        self
    }

    /// The record to update, in a collection update.
    #[must_use]
    pub fn with_id(mut self, id: &RecordId) -> Self {
        self.id = Some(id.clone());
        self
    }

    /// The object's wire name.
    pub fn sobject(&self) -> &str {
        &self.sobject
    }

    pub fn id(&self) -> Option<&RecordId> {
        self.id.as_ref()
    }

    /// What was set for a field of the package's name.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.fields.get(&self.names.field_of(&self.object, field))
    }

    pub(crate) fn wire_field(&self, field: &str) -> String {
        self.names.field_of(&self.object, field)
    }

    /// An owner is set: assignment rules must keep off.
    pub(crate) fn sets_owner(&self) -> bool {
        self.fields.get("OwnerId").is_some_and(|v| !v.is_null())
    }

    /// The bare fields: the body of a call on one row.
    pub(crate) fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }
}

fn clean(mut value: Value) -> Value {
    if let Value::String(text) = &mut value
        && text.contains('\0')
    {
        *text = text.replace('\0', "\u{fffd}");
    }
    value
}

/// As an item of a collection: with its attributes first, and its id if any.
impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("attributes", &json!({ "type": self.sobject }))?;
        if let Some(id) = &self.id {
            map.serialize_entry("id", id.as_str())?;
        }
        for (field, value) in &self.fields {
            map.serialize_entry(field, value)?;
        }
        map.end()
    }
}

/// Field names only: what a record holds is personal.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<_> = self.fields.keys().collect();
        f.debug_struct(&self.sobject).field("id", &self.id).field("fields", &fields).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_names_get_the_prefix_and_others_do_not() {
        for p in ["", "ns__"] {
            let names = Names::new(p).unwrap();
            let message = Record::new(&names, "Puente_Message__c")
                .set("Key__c", "k1")
                .set("Text__c", Value::Null)
                .set_some("Preview__c", None::<&str>)
                .set_time("Sent_At__c", UnixMs(0))
                .link("Conversation__r", "Key__c", "con_1")
                .set_as_told("Score__c", 3);
            assert_eq!(
                serde_json::to_value(&message).unwrap(),
                json!({
                    "attributes": {"type": format!("{p}Puente_Message__c")},
                    (format!("{p}Key__c")): "k1",
                    (format!("{p}Text__c")): null,
                    (format!("{p}Sent_At__c")): "1970-01-01T00:00:00.000Z",
                    (format!("{p}Conversation__r")): {(format!("{p}Key__c")): "con_1"},
                    "Score__c": 3,
                })
            );
            let lead = Record::new(&names, "Lead")
                .set("LastName", "Ana")
                .set("Score__c", 3)
                .set("Puente_Create_Key__c", "per_1");
            assert_eq!(
                Value::Object(lead.fields().clone()),
                json!({"LastName": "Ana", "Score__c": 3, (format!("{p}Puente_Create_Key__c")): "per_1"})
            );
        }
    }

    #[test]
    fn attributes_come_first_and_values_stay_out_of_debug() {
        let id = RecordId::new("00Q5500001QdQWaEAN");
        let lead = Record::new(&Names::none(), "Lead").set("LastName", "A\0na").with_id(&id);
        assert_eq!(
            serde_json::to_string(&lead).unwrap(),
            "{\"attributes\":{\"type\":\"Lead\"},\"id\":\"00Q5500001QdQWaEAN\",\"LastName\":\"A\u{fffd}na\"}"
        );
        assert!(!format!("{lead:?}").contains("na\""));
    }
}
