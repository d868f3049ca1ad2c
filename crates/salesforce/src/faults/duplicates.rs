//! What a duplicate rule found (Object Reference, DuplicateResult).

use model::ids::RecordId;
use serde_json::Value;

use crate::{Names, Row, ids};

/// The records that a duplicate rule holds to be the same as ours.
#[derive(Clone, Debug, PartialEq)]
pub struct DuplicateResult {
    /// Saving with [`crate::DuplicateRule::AllowSave`] would succeed.
    pub allow_save: bool,
    /// The rule's API name.
    pub rule: String,
    pub matches: Vec<DuplicateMatch>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DuplicateMatch {
    pub sobject: String,
    /// `None` when the integration user cannot see the record.
    pub id: Option<RecordId>,
    /// 0 to 100.
    pub confidence: f64,
    /// The record's fields as far as Salesforce gave them.
    pub row: Row,
}

impl DuplicateResult {
    /// Reads `duplicateResult`; what is missing is left empty.
    pub(crate) fn read(json: &Value) -> Self {
        let text = |v: &Value, key: &str| v[key].as_str().unwrap_or_default().to_owned();
        let list = |v: &Value, key: &str| v[key].as_array().cloned().unwrap_or_default();
        let matches = list(json, "matchResults")
            .iter()
            .flat_map(|result| {
                list(result, "matchRecords").into_iter().map(|found| {
                    let record = &found["record"];
                    DuplicateMatch {
                        sobject: record["attributes"]["type"]
                            .as_str()
                            .map_or_else(|| text(result, "entityType"), str::to_owned),
                        id: record["Id"].as_str().and_then(ids::answered),
                        confidence: found["matchConfidence"].as_f64().unwrap_or(0.0),
                        row: Row::from_json(&Names::none(), record.clone()).unwrap_or_default(),
                    }
                })
            })
            .collect();
        Self {
            allow_save: json["allowSave"].as_bool().unwrap_or(false),
            rule: text(json, "duplicateRule"),
            matches,
        }
    }
}
