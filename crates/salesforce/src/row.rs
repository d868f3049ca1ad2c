//! What a query or a read answers, by our names.

use std::fmt;

use model::UnixMs;
use model::ids::RecordId;
use serde_json::{Map, Value};

use crate::{Names, ids, time};

/// One record as answered. Keys have lost the org's namespace (`ns__Key__c` is
/// read as `Key__c`); parents are rows in this one.
#[derive(Clone, Default, PartialEq)]
pub struct Row(Map<String, Value>);

/// One page of a query's answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    pub rows: Vec<Row>,
    /// All rows of the query, not only this page's.
    pub total: u64,
    /// Where the rest is, for [`crate::Client::query_more`]; `None` at the end.
    pub next: Option<String>,
}

impl Row {
    /// `None` when `value` is no JSON object.
    pub fn from_json(names: &Names, value: Value) -> Option<Self> {
        match strip(names, value) {
            Value::Object(fields) => Some(Self(fields)),
            _ => None,
        }
    }

    pub fn id(&self) -> Option<RecordId> {
        ids::answered(self.text("Id").or_else(|| self.text("id"))?)
    }

    /// The object's wire name, from the record's attributes.
    pub fn sobject(&self) -> Option<&str> {
        self.0.get("attributes")?.get("type")?.as_str()
    }

    /// `None` for null, for a field that was not selected and for one that
    /// field-level security hides.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field).filter(|v| !v.is_null())
    }

    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field)?.as_str()
    }

    pub fn number(&self, field: &str) -> Option<f64> {
        self.get(field)?.as_f64()
    }

    pub fn flag(&self, field: &str) -> Option<bool> {
        self.get(field)?.as_bool()
    }

    pub fn time(&self, field: &str) -> Option<UnixMs> {
        time::parse(self.text(field)?)
    }

    pub fn record_id(&self, field: &str) -> Option<RecordId> {
        ids::answered(self.text(field)?)
    }

    /// A parent that was selected with it: `parent("Person__r")`.
    pub fn parent(&self, relationship: &str) -> Option<Self> {
        Some(Self(self.get(relationship)?.as_object()?.clone()))
    }
}

/// Field names only: what a record holds is personal.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn strip(names: &Names, value: Value) -> Value {
    match value {
        Value::Object(fields) if !names.prefix().is_empty() => Value::Object(
            fields
                .into_iter()
                .map(|(k, v)| (names.strip(&k).to_owned(), strip(names, v)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(|v| strip(names, v)).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_reads_the_same_with_and_without_a_namespace() {
        for p in ["", "ns__"] {
            let names = Names::new(p).unwrap();
            let wire = json!({
                "attributes": {"type": format!("{p}Puente_Message__c")},
                "Id": "a015500001QdQWaAAN",
                (format!("{p}Late__c")): true,
                (format!("{p}Version__c")): 7.0,
                (format!("{p}Text__c")): null,
                (format!("{p}Sent_At__c")): "2026-11-02T10:00:00.000+0000",
                (format!("{p}Conversation__r")): {(format!("{p}Key__c")): "con_1"},
            });
            let row = Row::from_json(&names, wire).unwrap();
            assert_eq!(row.id().unwrap().as_str(), "a015500001QdQWaAAN");
            assert_eq!(row.sobject().unwrap(), format!("{p}Puente_Message__c"));
            assert_eq!(row.flag("Late__c"), Some(true));
            assert_eq!(row.number("Version__c"), Some(7.0));
            assert_eq!(row.text("Text__c"), None);
            assert_eq!(row.time("Sent_At__c"), Some(UnixMs(1_793_613_600_000)));
            assert_eq!(row.parent("Conversation__r").unwrap().text("Key__c"), Some("con_1"));
        }
    }

    #[test]
    fn values_stay_out_of_debug() {
        let row = Row::from_json(&Names::none(), json!({"LastName": "Ana"})).unwrap();
        assert_eq!(format!("{row:?}"), "{\"LastName\"}");
    }
}
