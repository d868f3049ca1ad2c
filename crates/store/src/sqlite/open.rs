//! A connection and its settings.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::checkpoint::LOG_BYTES_KEPT;
use super::fault::fault;
use crate::StoreError;

const STATEMENTS_MAX: usize = 256;
const BUSY: Duration = Duration::from_secs(10);

/// What may be chosen about the file.
#[derive(Clone, Debug, Default)]
pub struct SqliteOptions {
    /// Refuse with [`StoreError::Full`] what would make the file larger.
    pub bytes_max: Option<u64>,
    /// Open through this registered VFS.
    pub vfs: Option<String>,
    /// For a test that must see a loss: commits no longer wait for the disk.
    pub no_sync: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Location {
    pub path: PathBuf,
    pub options: SqliteOptions,
}

impl Location {
    pub fn new(path: &Path, options: SqliteOptions) -> Self {
        Self { path: path.to_owned(), options }
    }

    /// For the writer of several threads: checkpoints are made elsewhere.
    pub fn writer(&self) -> Result<Connection, StoreError> {
        let conn = self.connect(false)?;
        pragma(&conn, "PRAGMA wal_autocheckpoint = 0")?;
        Ok(conn)
    }

    pub fn reader(&self) -> Result<Connection, StoreError> {
        let conn = self.connect(false)?;
        pragma(&conn, "PRAGMA query_only = ON")?;
        Ok(conn)
    }

    /// For one copy of the whole database.
    pub fn copier(&self) -> Result<Connection, StoreError> {
        self.connect(false)
    }

    pub fn checkpointer(&self) -> Result<Connection, StoreError> {
        self.connect(false)
    }

    /// The only connection: its lock is exclusive and its index is in memory,
    /// so that a VFS without shared memory will do. It makes its own checkpoints,
    /// and many, so that cuts fall into them.
    pub fn alone(&self) -> Result<Connection, StoreError> {
        let conn = self.connect(true)?;
        pragma(&conn, "PRAGMA wal_autocheckpoint = 64")?;
        Ok(conn)
    }

    fn connect(&self, exclusive: bool) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = match &self.options.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(&self.path, flags, vfs.as_str()),
            None => Connection::open_with_flags(&self.path, flags),
        };
        let conn = conn.map_err(fault)?;
        conn.busy_timeout(BUSY).map_err(fault)?;
        if exclusive {
            pragma(&conn, "PRAGMA locking_mode = EXCLUSIVE")?;
        }
        pragma(&conn, "PRAGMA journal_mode = WAL")?;
        let sync = if self.options.no_sync { "OFF" } else { "FULL" };
        pragma(&conn, &format!("PRAGMA synchronous = {sync}"))?;
        pragma(&conn, &format!("PRAGMA journal_size_limit = {LOG_BYTES_KEPT}"))?;
        settle(&conn)?;
        if let Some(bytes) = self.options.bytes_max {
            let size: i64 =
                conn.query_row("PRAGMA page_size", [], |row| row.get(0)).map_err(fault)?;
            pragma(
                &conn,
                &format!("PRAGMA max_page_count = {}", (bytes / size.max(1) as u64).max(1)),
            )?;
        }
        Ok(conn)
    }
}

pub(crate) fn memory() -> Result<Connection, StoreError> {
    let conn = Connection::open_in_memory().map_err(fault)?;
    settle(&conn)?;
    Ok(conn)
}

fn settle(conn: &Connection) -> Result<(), StoreError> {
    // else the planner looks at the values that are bound, and every time other
    // ones are bound to a statement it is prepared anew
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    pragma(conn, "PRAGMA foreign_keys = ON")?;
    pragma(conn, "PRAGMA temp_store = MEMORY")?;
    pragma(conn, "PRAGMA cache_size = -16384")
}

fn pragma(conn: &Connection, sql: &str) -> Result<(), StoreError> {
    let mut statement = conn.prepare(sql).map_err(fault)?;
    let mut rows = statement.query([]).map_err(fault)?;
    while rows.next().map_err(fault)?.is_some() {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    /// The built-in planner keeps samples of values: with them it would plan anew
    /// for each value of a range.
    #[test]
    fn a_statement_is_prepared_once_whatever_is_bound_to_it() {
        let conn = memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE row (id INTEGER PRIMARY KEY, kind INTEGER, due INTEGER);
             CREATE INDEX row_due ON row (kind, due);
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
                INSERT INTO row SELECT i, i % 3, i FROM n;
             ANALYZE;",
        )
        .unwrap();
        let sql = "SELECT COUNT(*) FROM row WHERE kind = ?1 AND due <= ?2";
        let mut statement = conn.prepare(sql).unwrap();
        for due in 0..50 {
            let _: i64 = statement.query_row((due % 3, due), |row| row.get(0)).unwrap();
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}
