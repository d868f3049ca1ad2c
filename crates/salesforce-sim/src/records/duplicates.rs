//! Duplicate rules (REST API, Duplicate Rule Header).

use std::sync::Arc;

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::org::{DuplicateAction, DuplicateRule, Row, Txn};
use crate::schema::{Field, Kind, Object};

/// Fails with DUPLICATES_DETECTED when an active rule finds another row.
/// An update is checked only when it changes the rule's field.
pub fn check(
    txn: &Txn<'_>,
    object: &Arc<Object>,
    before: Option<(&str, &Row)>,
    row: &Row,
) -> Result<(), ApiError> {
    for rule in &txn.org.knobs.duplicate_rules {
        if !rule.object.eq_ignore_ascii_case(&object.name) {
            continue;
        }
        let Some(field) = object.field(&rule.field) else {
            continue;
        };
        let Some(value) = row.get(&field.name).and_then(Value::as_str) else {
            continue;
        };
        let unchanged =
            before.is_some_and(|(_, b)| b.get(&field.name).and_then(Value::as_str) == Some(value));
        let allowed = rule.action == DuplicateAction::Alert && txn.actor.allow_save;
        if unchanged || allowed {
            continue;
        }
        let own = before.map(|(id, _)| id);
        let matches = matching(txn, object, field, value, own);
        if !matches.is_empty() {
            return Err(detected(object, rule, &matches));
        }
    }
    Ok(())
}

fn matching(
    txn: &Txn<'_>,
    object: &Object,
    field: &Field,
    value: &str,
    own: Option<&str>,
) -> Vec<String> {
    let wanted = comparable(field, value);
    let table = txn.org.table(object);
    table
        .iter()
        .filter(|(id, _)| Some(*id) != own && table.live(id).is_some())
        .filter(|(_, row)| {
            let held = row.get(&field.name).and_then(Value::as_str);
            let converted = row.get("IsConverted").is_some_and(|v| v == true);
            !converted && held.is_some_and(|held| comparable(field, held) == wanted)
        })
        .map(|(id, _)| id.to_owned())
        .collect()
}

/// Phones by their digits, other text without case.
fn comparable(field: &Field, value: &str) -> String {
    if field.kind == Kind::Phone {
        value.chars().filter(char::is_ascii_digit).collect()
    } else {
        value.to_lowercase()
    }
}

fn detected(object: &Object, rule: &DuplicateRule, ids: &[String]) -> ApiError {
    let message = "Use one of these records?";
    let mut error = ApiError::bad("DUPLICATES_DETECTED", message);
    let records: Vec<_> = ids
        .iter()
        .map(|id| {
            let url = format!("/services/data/v66.0/sobjects/{}/{id}", object.name);
            let record = json!({ "attributes": { "type": &*object.name, "url": url }, "Id": id });
            json!({ "additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100.0, "record": record })
        })
        .collect();
    error.extra = Some((
        "duplicateResult",
        json!({
            "allowSave": rule.action == DuplicateAction::Alert, "duplicateRule": rule.name,
            "duplicateRuleEntityType": &*object.name, "errorMessage": message,
            "matchResults": [{
                "entityType": &*object.name, "errors": [], "matchEngine": "ExactMatchEngine",
                "matchRecords": records, "rule": rule.name, "size": ids.len(), "success": true,
            }],
        }),
    ));
    error
}
