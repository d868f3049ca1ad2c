//! A long backlog: what it has, and the jobs that work it off.

use model::UnixMs;
use model::ids::{BulkId, PersonId, TenantId};

use super::sync::in_turn;
use super::{boxed, every, plain};
use crate::apply::sync::{FLIGHT_MS, by_call};
use crate::row::{BulkJob, BulkRow, Object, SyncRow};
use crate::sql::args;
use crate::{Store, StoreError};

impl Store {
    /// How many rows a job could take, now or once a call that was tried has
    /// ended: wanted before `since`, of nobody who is held and of nobody who goes
    /// by call. While the org is away all rows are in calls or wait for the next
    /// one, so these count; what is due later for its own reasons does not.
    /// Counts to `max` at most.
    pub async fn bulk_backlog(
        &self,
        tenant: &TenantId,
        now: UnixMs,
        since: UnixMs,
        max: u32,
    ) -> Result<u64, StoreError> {
        const SQL: &str = concat!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM sync_write s \
            WHERE s.tenant = $1 AND s.by_call = 0 AND s.wanted > s.done AND s.aside = 0 \
              AND s.due_at <= $2 AND (s.due_at <= $3 OR s.sent > s.done) \
              AND s.first_wanted_at <= $4 \
              AND NOT EXISTS (SELECT 1 FROM bulk_hold h \
                WHERE h.tenant = s.tenant AND h.root = s.root) \
              AND s.root NOT IN ",
            by_call!(),
            " LIMIT $5) AS counted"
        );
        let args = args![tenant, now.plus(FLIGHT_MS), now, since, max];
        self.read(move |cx| {
            boxed(async move {
                match cx.tx.row(SQL, args).await? {
                    Some(mut row) => row.get(),
                    None => Ok(0),
                }
            })
        })
        .await
    }

    /// The people of the longest waiting rows of the backlog, `rows_max` of
    /// which are looked at; each with all the messages of theirs that wait. Who
    /// goes by call is left out: a job would be ahead of them.
    pub async fn bulk_roots(
        &self,
        tenant: &TenantId,
        now: UnixMs,
        since: UnixMs,
        rows_max: u32,
    ) -> Result<Vec<(PersonId, u64)>, StoreError> {
        const SQL: &str = concat!(
            "SELECT oldest.root, \
              (SELECT COUNT(*) FROM sync_write m WHERE m.tenant = $1 AND m.root = oldest.root \
                 AND m.wanted > m.done AND m.aside = 0 AND m.object = 2) \
            FROM (SELECT root, MIN(due_at) AS at FROM (SELECT s.root, s.due_at FROM sync_write s \
                WHERE s.tenant = $1 AND s.by_call = 0 AND s.wanted > s.done AND s.aside = 0 \
                  AND s.due_at <= $2 AND s.first_wanted_at <= $3 \
                  AND NOT EXISTS (SELECT 1 FROM bulk_hold h \
                    WHERE h.tenant = s.tenant AND h.root = s.root) \
                  AND s.root NOT IN ",
            by_call!(),
            " ORDER BY s.due_at LIMIT $4) AS waiting GROUP BY root) AS oldest \
            ORDER BY oldest.at, oldest.root"
        );
        let args = args![tenant, now, since, rows_max];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| Ok((row.get()?, row.get()?)))
            })
        })
        .await
    }

    /// The jobs that are not closed, oldest first.
    pub async fn bulk_jobs(&self, tenant: &TenantId) -> Result<Vec<BulkJob>, StoreError> {
        const SQL: &str = "SELECT id, object, state, remote, begun_at, stepped_at, due_at, looks \
            FROM bulk_job WHERE tenant = $1 ORDER BY begun_at, id";
        let args = args![tenant];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    Ok(BulkJob {
                        id: row.get()?,
                        object: row.get()?,
                        state: row.get()?,
                        remote: row.get()?,
                        begun_at: row.get()?,
                        stepped_at: row.get()?,
                        due_at: row.get()?,
                        looks: row.get()?,
                    })
                })
            })
        })
        .await
    }

    /// What a job's people want of one object since `before` or longer, person by
    /// person, messages as they were stored; without what was written after that
    /// time, and without those who go by call since the job has them. Ids alone are no order: those of one millisecond are drawn by chance.
    pub async fn bulk_pending(
        &self,
        tenant: &TenantId,
        job: BulkId,
        object: Object,
        before: UnixMs,
        max: u32,
    ) -> Result<Vec<SyncRow>, StoreError> {
        const SQL: &str = super::sync::sync_rows!(
            "WHERE tenant = $1 AND wanted > done AND aside = 0 AND +object = $2 \
               AND root IN (SELECT root FROM bulk_hold WHERE tenant = $1 AND job = $3) \
               AND root NOT IN ",
            by_call!(),
            " AND job IS NULL AND flight_until <= $4 \
               AND (attempts = 0 OR due_at <= $4 OR object = 2) AND first_wanted_at <= $5 \
               AND (last_done_at IS NULL OR last_done_at < $5) \
             ORDER BY root, (SELECT m.seq FROM message m \
               WHERE m.tenant = sync_write.tenant AND m.id = sync_write.id), id LIMIT $6"
        );
        let now = self.now();
        let args = args![tenant, object, job, now, before, max];
        let rows = self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(SQL, args).await?;
                every(cx, rows, |cx, row| boxed(super::sync::sync_row(cx, row))).await
            })
        });
        Ok(in_turn(rows.await?, now))
    }

    /// The rows that are in a job, with the keys by which Salesforce knows
    /// messages.
    pub async fn bulk_rows(
        &self,
        tenant: &TenantId,
        job: BulkId,
    ) -> Result<Vec<BulkRow>, StoreError> {
        const SQL: &str = "SELECT s.object, s.id, s.root, s.sent, s.done, s.attempts, \
              (SELECT m.record_key FROM message m WHERE s.object = 2 \
                 AND m.tenant = s.tenant AND m.id = s.id) \
            FROM sync_write s WHERE s.tenant = $1 AND s.job = $2 ORDER BY s.object, s.id";
        let args = args![tenant, job];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    Ok(BulkRow {
                        object: row.get()?,
                        id: row.get()?,
                        root: row.get()?,
                        sent: row.get()?,
                        done: row.get()?,
                        attempts: row.get()?,
                        record_key: row.get()?,
                    })
                })
            })
        })
        .await
    }
}
