//! PostgreSQL's SQLSTATE in our words (Appendix A of its manual).

use std::error::Error as _;
use std::io;

use deadpool_postgres::tokio_postgres::Error;
use deadpool_postgres::tokio_postgres::error::SqlState;

use crate::StoreError;
use crate::error::conflict_in;

/// Two commits wanted each other's rows. The store makes the one that was
/// undone again; callers hear of it only when that goes on and on.
pub(crate) const MET: &str = "two commits met";

/// For every statement but `COMMIT`: whatever it is, nothing is on disk yet.
pub(crate) fn fault(error: Error) -> StoreError {
    let Some(told) = error.as_db_error() else {
        let lost =
            error.is_closed() || error.source().is_some_and(|source| source.is::<io::Error>());
        let told = chain(&error);
        return if lost { StoreError::Unreachable(told) } else { StoreError::Broken(told) };
    };
    let code = told.code();
    match told.code().code().get(..2).unwrap_or_default() {
        "23" => StoreError::Conflict(match *code == SqlState::UNIQUE_VIOLATION {
            true => conflict_in(told.table().unwrap_or_default()),
            false => conflict_in(""),
        }),
        // Deadlock or serialization: the transaction was undone whole.
        "40" => StoreError::Conflict(MET),
        "55" => StoreError::Conflict("a row stayed locked for too long"),
        "53" if *code == SqlState::TOO_MANY_CONNECTIONS => StoreError::Unreachable(chain(&error)),
        "53" => StoreError::Full(chain(&error)),
        "57" | "08" => StoreError::Unreachable(chain(&error)),
        "25" if *code == SqlState::READ_ONLY_SQL_TRANSACTION => {
            StoreError::Unreachable("this server is a standby; connect to the primary".into())
        }
        _ => StoreError::Broken(chain(&error)),
    }
}

/// For `COMMIT`: an answered refusal is a refusal, silence is doubt.
pub(crate) fn commit_fault(error: Error) -> StoreError {
    match error.as_db_error() {
        Some(_) => match fault(error) {
            StoreError::Unreachable(why) => StoreError::Broken(why),
            certain => certain,
        },
        None => StoreError::Broken(chain(&error)),
    }
}

/// An error and all that is behind it.
pub(crate) fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut behind = error.source();
    while let Some(source) = behind {
        text.push_str(&format!(": {source}"));
        behind = source.source();
    }
    text
}
