//! Deleting a record: it goes to the recycle bin with its details.

use std::sync::Arc;

use serde_json::json;

use super::{derive, update};
use crate::error::ApiError;
use crate::org::Txn;
use crate::schema::{Object, OnDelete};
use crate::time;

pub fn delete(txn: &mut Txn<'_>, object: &Arc<Object>, id: &str) -> Result<String, ApiError> {
    let id = update::existing(txn, object, id)?;
    bin(txn, object, &id, None)?;
    Ok(id)
}

/// Marks a row deleted, after what hangs on it; `winner` is where a merge put it.
pub fn bin(
    txn: &mut Txn<'_>,
    object: &Arc<Object>,
    id: &str,
    winner: Option<&str>,
) -> Result<(), ApiError> {
    for (child, field) in txn.org.schema.clone().lookups_to(object) {
        let Some(reference) = &field.reference else {
            continue;
        };
        for row_id in txn.org.table(&child).find(&field, id).unwrap_or_default() {
            match reference.on_delete {
                OnDelete::Cascade => bin(txn, &child, &row_id, None)?,
                OnDelete::Restrict => {
                    let text = format!(
                        "Your attempt to delete {id} could not be completed because it is associated with {}",
                        child.plural
                    );
                    return Err(ApiError::bad("DELETE_FAILED", text));
                }
                OnDelete::SetNull => {
                    let mut row = txn.org.table(&child).get(&row_id).cloned().unwrap_or_default();
                    row.remove(&field.name);
                    derive::set(
                        &child,
                        &mut row,
                        "SystemModstamp",
                        json!(time::datetime(txn.actor.at_ms)),
                    );
                    txn.put(&child, &row_id, row);
                }
            }
        }
    }
    let mut row = txn.org.table(object).get(id).cloned().unwrap_or_default();
    let now = time::datetime(txn.actor.at_ms);
    derive::set(object, &mut row, "IsDeleted", json!(true));
    for name in ["SystemModstamp", "LastModifiedDate"] {
        derive::set(object, &mut row, name, json!(now));
    }
    if let Some(winner) = winner {
        derive::set(object, &mut row, "MasterRecordId", json!(winner));
    }
    txn.put(object, id, row);
    Ok(())
}
