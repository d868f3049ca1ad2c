//! What `GET /status/stream` tells.

use model::UnixMs;
use model::ids::TenantId;

use super::{boxed, plain};
use crate::row::FeedRow;
use crate::sql::args;
use crate::{Store, StoreError};

impl Store {
    /// Rows after `seq`, in order. Numbers become visible in order, so nothing
    /// can appear later below the last one answered.
    pub async fn feed_after(
        &self,
        tenant: &TenantId,
        seq: i64,
        max: u32,
    ) -> Result<Vec<FeedRow>, StoreError> {
        const SQL: &str = "SELECT seq, at, kind, message, outbox, rank FROM feed \
                           WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        let args = args![tenant, seq, max];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    Ok(FeedRow {
                        seq: row.get()?,
                        at: row.get()?,
                        kind: row.get()?,
                        message: row.get()?,
                        outbox: row.get()?,
                        status: row.get()?,
                    })
                })
            })
        })
        .await
    }

    /// The newest row that was written before `at`; the numbers rise with time.
    pub async fn feed_before(
        &self,
        tenant: &TenantId,
        at: UnixMs,
    ) -> Result<Option<i64>, StoreError> {
        const SQL: &str =
            "SELECT seq FROM feed WHERE tenant = $1 AND at < $2 ORDER BY seq DESC LIMIT 1";
        let args = args![tenant, at];
        self.read(move |cx| {
            boxed(async move {
                Ok(match cx.tx.row(SQL, args).await? {
                    Some(mut row) => Some(row.get()?),
                    None => None,
                })
            })
        })
        .await
    }

    /// `(oldest, horizon)`: the oldest row still kept and the newest row
    /// written. An id outside `oldest - 1 ..= horizon` cannot be resumed from.
    /// When nothing is kept, `oldest` is `horizon + 1`.
    pub async fn feed_bounds(&self, tenant: &TenantId) -> Result<(i64, i64), StoreError> {
        const SQL: &str = "SELECT \
            (SELECT MIN(seq) FROM feed WHERE tenant = $1), \
            (SELECT feed FROM tenant_seq WHERE tenant = $1)";
        let args = args![tenant];
        self.read(move |cx| {
            boxed(async move {
                let Some(mut row) = cx.tx.row(SQL, args).await? else {
                    return Ok((1, 0));
                };
                let (oldest, horizon): (Option<i64>, Option<i64>) = (row.get()?, row.get()?);
                let horizon = horizon.unwrap_or(0);
                Ok((oldest.unwrap_or(horizon + 1), horizon))
            })
        })
        .await
    }
}
