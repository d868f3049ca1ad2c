//! Creating a record.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Values, derive, duplicates, files, members, refs, unique, validate};
use crate::error::ApiError;
use crate::org::{Row, Txn};
use crate::schema::Object;

/// What set-up makes, and no call.
const NOT_CREATED: [&str; 7] = [
    "User",
    "Organization",
    "AssignmentRule",
    "CaseStatus",
    "OpportunityStage",
    "ListView",
    "Report",
];

/// Saves a new row and gives its id.
pub fn create(
    txn: &mut Txn<'_>,
    object: &Arc<Object>,
    values: &Values,
) -> Result<String, ApiError> {
    if NOT_CREATED.contains(&&*object.name) {
        let text = format!("entity type {} is not createable here", object.name);
        return Err(ApiError::bad("INSUFFICIENT_ACCESS_OR_READONLY", text));
    }
    validate::writable(values, |f| f.createable)?;
    let mut row = defaults(object);
    set_all(txn, object, values, &mut row)?;
    files::complete(txn.org, object, &mut row)?;
    validate::required(object, |f| row.contains_key(&f.name))?;
    members::someone(object, &row)?;
    members::status(txn.org, object, &mut row);
    own(txn, object, &mut row);
    let room = txn.org.knobs.storage_rows_max.is_none_or(|max| txn.org.rows_stored() < max);
    if !room {
        return Err(ApiError::bad("STORAGE_LIMIT_EXCEEDED", "storage limit exceeded"));
    }
    duplicates::check(txn, object, None, &row)?;
    let id = txn.org.mint(&object.prefix);
    unique::check(txn.org, object, &id, &row)?;
    for field in object.fields() {
        if let Some(format) = &field.auto_number {
            let number = txn.org.next_number(object, format);
            row.insert(field.name.clone(), json!(number));
        }
    }
    derive::derive(txn.org, object, &id, &mut row, None, &txn.actor);
    txn.put(object, &id, row);
    files::publish(txn, object, &id)?;
    members::statuses(txn, object, &id);
    Ok(id)
}

fn defaults(object: &Object) -> Row {
    let with = object.fields().iter().filter(|f| f.createable);
    with.filter_map(|f| Some((f.name.clone(), f.default.clone()?))).collect()
}

/// The writer, unless the call names an owner or assignment rules choose one.
fn own(txn: &Txn<'_>, object: &Object, row: &mut Row) {
    let chosen = txn.org.knobs.assignment.get(&*object.name).filter(|_| txn.actor.auto_assign);
    let named = row.get("OwnerId").and_then(Value::as_str);
    let owner = chosen.map(|o| &**o).or(named).unwrap_or(&txn.actor.user_id).to_owned();
    derive::set(object, row, "OwnerId", json!(owner));
}

/// Checks the values and puts them into the row.
pub fn set_all(
    txn: &Txn<'_>,
    object: &Object,
    values: &Values,
    row: &mut Row,
) -> Result<(), ApiError> {
    for (field, value) in &values.plain {
        let Some(value) = value else {
            row.remove(&field.name);
            continue;
        };
        let value = match (&field.reference, value.as_str()) {
            (Some(_), Some(id)) => json!(refs::check(txn.org, field, id)?),
            _ => value.clone(),
        };
        validate::value(field, &value)?;
        row.insert(field.name.clone(), value);
    }
    for (field, parent) in &values.parents {
        let id = refs::find(txn.org, &object.name, field, parent)?;
        row.insert(field.name.clone(), json!(id));
    }
    Ok(())
}
