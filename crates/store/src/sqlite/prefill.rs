//! A database that has seen much: keys of the past thirteen months, for
//! measurements that must not run on an empty one.

use std::path::Path;

use model::UnixMs;
use rusqlite::Connection;

use super::fault::fault;
use crate::StoreError;

const DAYS: u64 = 396;

/// Writes `count` keys, day by day as they would have come, into a file that
/// [`crate::Store::open_sqlite`] has made and nobody has open.
pub fn prefill_keys(database: &Path, today: UnixMs, count: u64) -> Result<(), StoreError> {
    fill(database, today, count).map_err(fault)?;
    // else the system writes it back while what is measured waits for its own syncs
    let file = std::fs::File::open(database).and_then(|file| file.sync_all());
    file.map_err(|error| StoreError::Full(format!("{}: {error}", database.display())))
}

fn fill(database: &Path, today: UnixMs, count: u64) -> Result<(), rusqlite::Error> {
    let conn = Connection::open(database)?;
    // what is measured comes later, on connections of the store
    conn.execute_batch("PRAGMA synchronous = OFF")?;
    let mut left = count;
    for back in (0..DAYS).rev() {
        let today = i64::from(today.day()) - back as i64;
        let share = left / (back + 1);
        left -= share;
        conn.execute(
            "INSERT OR IGNORE INTO seen_key (day, hash) \
             WITH RECURSIVE n (i) AS (SELECT 1 WHERE ?2 > 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) \
             SELECT ?1, randomblob(16) AS hash FROM n ORDER BY hash",
            (today, share as i64),
        )?;
    }
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_written_and_every_day_has_its_share() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.db");
        let conn = Connection::open(&file).unwrap();
        conn.execute_batch(
            "CREATE TABLE seen_key (day INTEGER, hash BLOB, PRIMARY KEY (day, hash)) WITHOUT ROWID",
        )
        .unwrap();
        prefill_keys(&file, UnixMs(1_767_225_600_000), 1_000).unwrap();
        let counts: (i64, i64) = conn
            .query_row("SELECT COUNT(*), COUNT(DISTINCT day) FROM seen_key", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(counts, (1_000, DAYS as i64));
    }
}
