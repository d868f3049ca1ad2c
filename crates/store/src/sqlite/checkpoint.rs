//! Moves the log into the database, on a connection of its own: in the writer
//! it would cost every commit behind it tens of milliseconds.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::fault::fault;
use crate::StoreError;

const EVERY: Duration = Duration::from_millis(200);
/// Past this the readers are waited for and the log starts over.
const LOG_BYTES_MAX: i64 = 512 * 1024 * 1024;

pub(crate) struct Checkpointer {
    pub stop: mpsc::Sender<()>,
    pub ended: oneshot::Receiver<()>,
}

pub(crate) fn start(conn: Connection) -> Result<Checkpointer, StoreError> {
    let (stop, stopped) = mpsc::channel();
    let (done, ended) = oneshot::channel();
    std::thread::Builder::new()
        .name("store-checkpoint".into())
        .spawn(move || {
            let mut failing = false;
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                // A failed one is made up for by the next; the log stays whole.
                let done = step(&conn);
                match &done {
                    Err(error) if !failing => {
                        tracing::warn!(%error, "the log cannot be moved into the database");
                    }
                    Ok(()) if failing => tracing::info!("the log is moved again"),
                    _ => {}
                }
                failing = done.is_err();
            }
            drop(conn);
            let _ = done.send(());
        })
        .map_err(|error| StoreError::Full(format!("no thread for checkpoints: {error}")))?;
    Ok(Checkpointer { stop, ended })
}

fn step(conn: &Connection) -> Result<(), StoreError> {
    let log_pages = checkpoint(conn, "PRAGMA wal_checkpoint(PASSIVE)")?;
    let page: i64 = conn.query_row("PRAGMA page_size", [], |row| row.get(0)).map_err(fault)?;
    if log_pages * page > LOG_BYTES_MAX {
        checkpoint(conn, "PRAGMA wal_checkpoint(RESTART)")?;
    }
    Ok(())
}

/// Pages in the log.
fn checkpoint(conn: &Connection, sql: &str) -> Result<i64, StoreError> {
    conn.query_row(sql, [], |row| row.get(1)).map_err(fault)
}
