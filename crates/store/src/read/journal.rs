//! What waits for intake.

use bytes::Bytes;

use super::boxed;
use crate::apply::journal::opened;
use crate::row::JournalEntry;
use crate::sql::args;
use crate::{Store, StoreError};

/// Of bodies in memory at one time, unless one alone is larger.
const BYTES_MAX: i64 = 8 << 20;

impl Store {
    /// Open rows, oldest first: up to `max`, and fewer when their bodies are
    /// large.
    pub async fn journal_next(&self, max: u32) -> Result<Vec<JournalEntry>, StoreError> {
        const SIZES: &str = "SELECT OCTET_LENGTH(b.body) \
            FROM journal j JOIN journal_body b ON b.seq = j.seq \
            WHERE j.state = 'open' ORDER BY j.seq LIMIT $1";
        const SQL: &str = "SELECT j.seq, j.app, j.received_at, j.attempts, b.body \
            FROM journal j JOIN journal_body b ON b.seq = j.seq \
            WHERE j.state = 'open' ORDER BY j.seq LIMIT $1";
        self.read(move |cx| {
            boxed(async move {
                let (mut out, mut bytes, mut fit) = (vec![], 0, 0_i64);
                for mut row in cx.tx.rows(SIZES, args![max]).await? {
                    bytes += row.get::<i64>()?;
                    if bytes > BYTES_MAX && fit > 0 {
                        break;
                    }
                    fit += 1;
                }
                for mut row in cx.tx.rows(SQL, args![fit]).await? {
                    let seq = row.get()?;
                    out.push(JournalEntry {
                        seq,
                        app: row.get()?,
                        received_at: row.get()?,
                        attempts: row.get()?,
                        body: opened(cx, seq, row.get()?).await?.into(),
                    });
                }
                Ok(out)
            })
        })
        .await
    }

    /// `None` once it is purged.
    pub async fn journal_body(&self, seq: i64) -> Result<Option<Bytes>, StoreError> {
        const SQL: &str = "SELECT body FROM journal_body WHERE seq = $1";
        self.read(move |cx| {
            boxed(async move {
                match cx.tx.row(SQL, args![seq]).await? {
                    Some(mut row) => Ok(Some(opened(cx, seq, row.get()?).await?.into())),
                    None => Ok(None),
                }
            })
        })
        .await
    }
}
