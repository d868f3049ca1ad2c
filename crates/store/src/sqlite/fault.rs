//! SQLite's result codes in our words.

use rusqlite::ErrorCode;

use crate::StoreError;
use crate::error::conflict_in;

/// For every statement but `COMMIT`: whatever it is, nothing is on disk yet.
pub(crate) fn fault(error: rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(code, text) = &error else {
        return StoreError::Broken(error.to_string());
    };
    match code.code {
        ErrorCode::ConstraintViolation => conflict(text.as_deref().unwrap_or_default()),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            StoreError::Unreachable("another process holds the database file".into())
        }
        ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::OutOfMemory
        | ErrorCode::ReadOnly
        | ErrorCode::CannotOpen
        | ErrorCode::PermissionDenied => StoreError::Full(error.to_string()),
        _ => StoreError::Broken(error.to_string()),
    }
}

/// `UNIQUE constraint failed: lane.tenant, lane.number`
fn conflict(text: &str) -> StoreError {
    let names = text.split_once(": ").map_or("", |(_, names)| names);
    let table = names.trim_start_matches("index '").split(['.', '\'']).next().unwrap_or_default();
    StoreError::Conflict(conflict_in(table))
}
