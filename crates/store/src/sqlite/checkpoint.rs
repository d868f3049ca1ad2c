//! Moves the log into the database, on a connection of its own: in the writer
//! it would cost every commit behind it tens of milliseconds.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::fault::fault;
use super::reader::Reading;
use crate::StoreError;

const EVERY: Duration = Duration::from_millis(200);
/// Past this the log starts over, which costs the commits of that moment some tens
/// of milliseconds.
const LOG_BYTES_MAX: i64 = 256 * 1024 * 1024;
/// What a long reader made of the log is given back down to here. Above what a
/// busy log reaches: else it would be cut and grow anew each time it starts over,
/// and one commit in a few seconds would wait a sixth of a second for that.
pub(super) const LOG_BYTES_KEPT: i64 = LOG_BYTES_MAX * 3 / 2;
/// SQLite lets nobody write while it waits for readers of the log. So ours are
/// waited for before, for this long, and only those of other processes by SQLite.
const READERS_WAITED_FOR: Duration = Duration::from_millis(250);
/// Passes from one try to the next, twice as many each time up to half a minute: a
/// busy writer is in the way for a moment, a copy of the whole database for minutes.
const PASSES_BETWEEN_MAX: u32 = 150;

pub(crate) struct Checkpointer {
    pub stop: mpsc::Sender<()>,
    pub ended: oneshot::Receiver<()>,
}

pub(crate) fn start(conn: Connection, reading: Reading) -> Result<Checkpointer, StoreError> {
    let mut log = Log::of(conn, reading, LOG_BYTES_MAX)?;
    let (stop, stopped) = mpsc::channel();
    let (done, ended) = oneshot::channel();
    std::thread::Builder::new()
        .name("store-checkpoint".into())
        .spawn(move || {
            let mut failing = false;
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                // A failed one is made up for by the next; the log stays whole.
                let done = log.shorten();
                match &done {
                    Err(error) if !failing => {
                        tracing::warn!(%error, "the log cannot be moved into the database");
                    }
                    Ok(()) if failing => tracing::info!("the log is moved again"),
                    _ => {}
                }
                failing = done.is_err();
            }
            drop(log);
            let _ = done.send(());
        })
        .map_err(|error| StoreError::Full(format!("no thread for checkpoints: {error}")))?;
    Ok(Checkpointer { stop, ended })
}

struct Log {
    conn: Connection,
    reading: Reading,
    pages_max: i64,
    /// So many passes it is not started over, and after the next try in vain.
    left_alone: u32,
    next: u32,
}

impl Log {
    fn of(conn: Connection, reading: Reading, bytes_max: i64) -> Result<Self, StoreError> {
        conn.busy_timeout(READERS_WAITED_FOR).map_err(fault)?;
        let page: i64 = conn.query_row("PRAGMA page_size", [], |row| row.get(0)).map_err(fault)?;
        Ok(Self { conn, reading, pages_max: bytes_max / page, left_alone: 0, next: 1 })
    }

    fn shorten(&mut self) -> Result<(), StoreError> {
        let (_, pages) = self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)")?;
        self.left_alone = self.left_alone.saturating_sub(1);
        if pages > self.pages_max && self.left_alone == 0 {
            (self.left_alone, self.next) = match self.start_over()? {
                false => (self.next, (self.next * 2).min(PASSES_BETWEEN_MAX)),
                true => (0, 1),
            };
        }
        Ok(())
    }

    /// Whether nobody was in the way.
    fn start_over(&self) -> Result<bool, StoreError> {
        let Some(_alone) = self.reading.try_write_for(READERS_WAITED_FOR) else {
            return Ok(false);
        };
        let (busy, _) = self.checkpoint("PRAGMA wal_checkpoint(RESTART)")?;
        Ok(!busy)
    }

    /// Whether somebody was in the way, and the pages in the log.
    fn checkpoint(&self, sql: &str) -> Result<(bool, i64), StoreError> {
        self.conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).map_err(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::{HeldLog, Location};

    #[test]
    fn a_long_reader_holds_up_no_writer_and_the_log_starts_over_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("puente.db");
        let location = Location::new(&file, Default::default());
        let writer = location.writer().unwrap();
        writer.execute_batch("CREATE TABLE installation (id INTEGER PRIMARY KEY)").unwrap();
        let write = || writer.execute("INSERT INTO installation DEFAULT VALUES", []).unwrap();
        let mut log = Log::of(location.checkpointer().unwrap(), Reading::default(), 0).unwrap();

        let held = HeldLog::of(&file).unwrap();
        write();
        let patience: i64 =
            log.conn.query_row("PRAGMA busy_timeout", [], |row| row.get(0)).unwrap();
        assert!(patience <= 250, "nobody can write for {patience} ms while it waits for readers");
        log.conn.busy_timeout(Duration::ZERO).unwrap();
        let tries = (0..600).filter(|_| {
            let due = log.left_alone <= 1;
            log.shorten().unwrap();
            due
        });
        let tries: Vec<u32> = tries.collect();
        assert_eq!(tries, [0, 1, 3, 7, 15, 31, 63, 127, 255, 405, 555]);
        write();
        let grown = log.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").unwrap().1;

        drop(held);
        (log.left_alone, log.next) = (0, 1);
        log.shorten().unwrap();
        write();
        let (_, pages) = log.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").unwrap();
        assert!(pages < grown, "{pages} of {grown}");
    }

    #[test]
    fn a_read_of_ours_is_waited_for_while_others_can_write() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::new(&folder.path().join("puente.db"), Default::default());
        let writer = location.writer().unwrap();
        writer.execute_batch("CREATE TABLE installation (id INTEGER PRIMARY KEY)").unwrap();
        // a statement that waits for a lock fails at once
        writer.busy_timeout(Duration::ZERO).unwrap();
        let write = || writer.execute("INSERT INTO installation DEFAULT VALUES", []).unwrap();
        write();
        let reading = Reading::default();
        let mut log = Log::of(location.checkpointer().unwrap(), reading.clone(), 0).unwrap();
        let held = reading.read();
        std::thread::scope(|scope| {
            let shortened = scope.spawn(|| log.shorten().unwrap());
            while !shortened.is_finished() {
                write();
            }
        });
        assert_eq!((log.left_alone, log.next), (1, 2), "the log did not start over");
        drop(held);
        log.shorten().unwrap();
        assert_eq!((log.left_alone, log.next), (0, 1));
    }
}
