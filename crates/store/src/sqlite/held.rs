//! A log that cannot start over, for measurements of a start with a full one.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::fault::fault;
use crate::StoreError;

/// While it lives the log only grows, as under a reader that takes long. It
/// leaves the log as it is, also where it is the last to have it open.
pub struct HeldLog {
    _reads: Connection,
}

impl HeldLog {
    pub fn of(database: &Path) -> Result<Self, StoreError> {
        Self::open(database).map_err(fault)
    }

    fn open(database: &Path) -> Result<Self, rusqlite::Error> {
        let conn = Connection::open(database)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        conn.execute_batch("BEGIN")?;
        conn.query_row("SELECT COUNT(*) FROM installation", [], |_| Ok(()))?;
        Ok(Self { _reads: conn })
    }
}
