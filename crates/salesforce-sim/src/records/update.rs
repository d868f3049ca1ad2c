//! Updating a record by its id.

use std::sync::Arc;

use super::create::set_all;
use super::{Values, derive, duplicates, guard, unique, validate};
use crate::error::ApiError;
use crate::ids;
use crate::org::{Row, Txn};
use crate::schema::{Kind, Object};

/// Saves the values on an existing row and gives its full id.
pub fn update(
    txn: &mut Txn<'_>,
    object: &Arc<Object>,
    id: &str,
    values: &Values,
) -> Result<String, ApiError> {
    let id = existing(txn, object, id)?;
    let before = txn.org.table(object).get(&id).cloned().unwrap_or_default();
    if before.get("IsConverted").is_some_and(|v| v == true) {
        return Err(ApiError::bad(
            "CANNOT_UPDATE_CONVERTED_LEAD",
            "cannot reference converted lead",
        ));
    }
    validate::writable(values, |f| f.updateable)?;
    let cleared = values.plain.iter().find(|(f, v)| v.is_none() && f.kind == Kind::Boolean);
    if let Some((field, _)) = cleared {
        let text = format!("{}: a checkbox cannot be null", field.label);
        return Err(ApiError::bad("INVALID_TYPE_ON_FIELD_IN_RECORD", text).on(&field.name));
    }
    let mut row = before.clone();
    set_all(txn, object, values, &mut row)?;
    assign(txn, object, &mut row);
    validate::required(object, |f| row.contains_key(&f.name))?;
    if guard::is_older(object, &before, values) {
        return Ok(id);
    }
    duplicates::check(txn, object, Some((&id, &before)), &row)?;
    unique::check(txn.org, object, &id, &row)?;
    derive::derive(txn.org, object, &id, &mut row, Some(&before), &txn.actor);
    txn.put(object, &id, row);
    Ok(id)
}

/// Assignment rules choose an owner at an update, too, unless the call says no.
fn assign(txn: &Txn<'_>, object: &Object, row: &mut Row) {
    let chosen = txn.org.knobs.assignment.get(&*object.name).filter(|_| txn.actor.auto_assign);
    if let Some(owner) = chosen {
        derive::set(object, row, "OwnerId", serde_json::json!(owner));
    }
}

/// The full id of a row that is there.
///
/// 404 NOT_FOUND when there never was one, 404 ENTITY_IS_DELETED when it is gone.
pub fn existing(txn: &Txn<'_>, object: &Object, id: &str) -> Result<String, ApiError> {
    let full =
        ids::full(id).ok_or_else(|| ApiError::bad("MALFORMED_ID", format!("malformed id {id}")))?;
    match txn.org.table(object).get(&full) {
        None => {
            let text =
                format!("Provided external ID field does not exist or is not accessible: {id}");
            Err(ApiError::new(404, "NOT_FOUND", text))
        }
        Some(_) if txn.org.table(object).live(&full).is_none() => {
            Err(ApiError::new(404, "ENTITY_IS_DELETED", "entity is deleted"))
        }
        Some(_) => Ok(full),
    }
}
