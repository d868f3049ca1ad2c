//! Queries and their pages (REST API, Query).

use serde_json::{Value, json};

use super::Call;
use crate::error::ApiError;
use crate::org::{Cursor, Org};
use crate::soql;

/// A cursor that is not used for this long is gone.
const CURSOR_IDLE_MS: i64 = 15 * 60_000;
/// Rows with two long texts or more come in smaller pages.
const WIDE_BATCH: usize = 200;

/// `GET /query?q=`, or `/queryAll` with the recycle bin.
pub fn first(org: &mut Org, call: &Call, with_deleted: bool) -> Result<Value, ApiError> {
    let query = call.param("q").unwrap_or_default();
    let select = soql::parse(query)?;
    let found = soql::run(org, query, &select, &call.base(), with_deleted, call.actor.at_ms)?;
    let mut batch = call.batch_size.unwrap_or(2_000);
    if found.is_wide {
        batch = batch.min(WIDE_BATCH);
    }
    if found.rows.len() <= batch {
        return Ok(json!({ "totalSize": found.total, "done": true, "records": found.rows }));
    }
    let cursor = org.mint("01g");
    let page = found.rows[..batch].to_vec();
    let body = json!({ "totalSize": found.total, "done": false, "nextRecordsUrl": next_url(call, &cursor, batch), "records": page });
    org.cursors.insert(cursor, Cursor { rows: found.rows, batch, used_ms: call.actor.at_ms });
    Ok(body)
}

/// `GET /query/{cursor}-{offset}`
pub fn next(org: &mut Org, call: &Call, locator: &str) -> Result<Value, ApiError> {
    let now = call.actor.at_ms;
    org.cursors.retain(|_, c| now - c.used_ms < CURSOR_IDLE_MS);
    let invalid = || ApiError::bad("INVALID_QUERY_LOCATOR", "invalid query locator");
    let (id, offset) = locator.rsplit_once('-').ok_or_else(invalid)?;
    let offset: usize = offset.parse().map_err(|_| invalid())?;
    let cursor = org.cursors.get_mut(id).filter(|c| offset < c.rows.len()).ok_or_else(invalid)?;
    cursor.used_ms = now;
    let end = (offset + cursor.batch).min(cursor.rows.len());
    let mut body = json!({ "totalSize": cursor.rows.len(), "done": true, "records": cursor.rows[offset..end] });
    if end < cursor.rows.len() {
        body["done"] = json!(false);
        body["nextRecordsUrl"] = json!(next_url(call, id, end));
    }
    Ok(body)
}

fn next_url(call: &Call, cursor: &str, offset: usize) -> String {
    format!("{}/query/{cursor}-{offset}", call.base())
}
