//! What waits for intake.

use bytes::Bytes;

use super::boxed;
use crate::apply::journal::opened;
use crate::row::JournalEntry;
use crate::sql::args;
use crate::{Store, StoreError};

impl Store {
    /// Open rows, oldest first.
    pub async fn journal_next(&self, max: u32) -> Result<Vec<JournalEntry>, StoreError> {
        const SQL: &str = "SELECT j.seq, j.app, j.received_at, j.attempts, b.body \
            FROM journal j JOIN journal_body b ON b.seq = j.seq \
            WHERE j.state = 'open' ORDER BY j.seq LIMIT $1";
        self.read(move |cx| {
            boxed(async move {
                let mut out = vec![];
                for mut row in cx.tx.rows(SQL, args![max]).await? {
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
