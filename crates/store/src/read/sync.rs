//! What Salesforce does not show yet.

use model::ids::{PersonId, TenantId};
use model::{UnixMs, Urgency};

use super::{boxed, every, plain};
use crate::apply::sync::{DETAIL, by_call};
use crate::cx::Cx;
use crate::row::{Object, SyncAttempt, SyncRow};
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! sync_rows {
    ($($rest:tt)*) => {
        concat!(
            "SELECT tenant, urgency, object, id, root, wanted, sent, done, attempts, due_at, aside, \
             aside_at, code, detail, record, first_wanted_at, last_sent_at, last_done_at FROM sync_write ",
            $($rest)*
        )
    };
}

pub(super) use sync_rows;

pub(super) async fn sync_row(cx: &mut Cx, mut row: Cols) -> Result<SyncRow, StoreError> {
    let (tenant, urgency): (TenantId, Urgency) = (row.get()?, row.get()?);
    let (object, id): (Object, [u8; 16]) = (row.get()?, row.get()?);
    Ok(SyncRow {
        urgency,
        object,
        id,
        root: row.get()?,
        wanted: row.get()?,
        sent: row.get()?,
        done: row.get()?,
        attempts: row.get()?,
        due_at: row.get()?,
        aside: row.get()?,
        aside_at: row.get()?,
        code: row.get()?,
        detail: cx.open_text(&tenant, DETAIL, &id, row.get()?).await?,
        record: row.get()?,
        first_wanted_at: row.get()?,
        last_sent_at: row.get()?,
        last_done_at: row.get()?,
    })
}

/// A message that was tried and comes again within this time is waited for by
/// those of its person behind it. One that is put off for longer is not.
const WAITED_FOR_MS: i64 = 60_000;

/// Of each person's messages, in their order, those whose turn it is: none
/// comes to be shown before one that was tried before it and comes again soon.
pub(super) fn in_turn(rows: Vec<SyncRow>, now: UnixMs) -> Vec<SyncRow> {
    let mut waiting = None;
    let mut turn = |row: &SyncRow| {
        let put_off = row.attempts > 0 && row.due_at > now;
        let unseen = row.object == Object::Message && row.done == 0;
        if put_off && unseen && row.due_at <= now.plus(WAITED_FOR_MS) {
            waiting = Some(row.root);
        }
        !(put_off || unseen && waiting == Some(row.root))
    };
    rows.into_iter().filter(|row| turn(row)).collect()
}

impl Store {
    /// Rows to write now, the most urgent first and of those the longest due;
    /// rows of an open call, and of people whom a Bulk job holds, are left out.
    pub async fn sync_due(
        &self,
        tenant: &TenantId,
        now: UnixMs,
        max: u32,
    ) -> Result<Vec<SyncRow>, StoreError> {
        const SQL: &str = sync_rows!(
            "WHERE tenant = $1 AND urgency = $2 AND wanted > done AND aside = 0 \
               AND due_at <= $3 AND flight_until <= $3 \
               AND NOT EXISTS (SELECT 1 FROM bulk_hold h \
                 WHERE h.tenant = sync_write.tenant AND h.root = sync_write.root) \
             ORDER BY due_at, root, object, id LIMIT $4"
        );
        let lists = Urgency::ALL.map(|urgency| args![tenant, urgency, now, max]);
        let mut rows = self.sync_each(SQL, lists.into()).await?;
        rows.truncate(max as usize);
        Ok(rows)
    }

    /// [`Self::sync_due`] while a long backlog is worked off by Bulk jobs: rows
    /// of people of whom one must go by call, and rows of people of whom none was
    /// wanted before `since` and waits still; of either kind up to `max` of each
    /// urgency.
    pub async fn sync_due_fresh(
        &self,
        tenant: &TenantId,
        now: UnixMs,
        since: UnixMs,
        max: u32,
    ) -> Result<Vec<SyncRow>, StoreError> {
        const FRESH: &str = sync_rows!(
            "WHERE tenant = $1 AND urgency = $2 AND by_call = 0 AND wanted > done AND aside = 0 \
               AND due_at <= $3 AND flight_until <= $3 AND due_at > $4 AND first_wanted_at > $4 \
               AND NOT EXISTS (SELECT 1 FROM bulk_hold h \
                 WHERE h.tenant = sync_write.tenant AND h.root = sync_write.root) \
               AND NOT EXISTS (SELECT 1 FROM sync_write b \
                 WHERE b.tenant = sync_write.tenant AND b.root = sync_write.root \
                   AND b.wanted > b.done AND b.aside = 0 \
                   AND (b.by_call = 1 OR b.first_wanted_at <= $4)) \
             ORDER BY due_at, root, object, id LIMIT $5"
        );
        const BY_CALL: &str = sync_rows!(
            "WHERE tenant = $1 AND urgency = $2 AND wanted > done AND aside = 0 \
               AND due_at <= $3 AND flight_until <= $3 AND root IN ",
            by_call!(),
            " AND NOT EXISTS (SELECT 1 FROM bulk_hold h \
                 WHERE h.tenant = sync_write.tenant AND h.root = sync_write.root) \
             ORDER BY due_at, root, object, id LIMIT $4"
        );
        let fresh = Urgency::ALL.map(|urgency| args![tenant, urgency, now, since, max]);
        let by_call = Urgency::ALL.map(|urgency| args![tenant, urgency, now, max]);
        let mut rows = self.sync_each(FRESH, fresh.into()).await?;
        rows.extend(self.sync_each(BY_CALL, by_call.into()).await?);
        rows.sort_by_key(|row| row.urgency);
        Ok(rows)
    }

    /// Those that exist, in the order they were asked for.
    pub async fn sync_rows(
        &self,
        tenant: &TenantId,
        rows: &[(Object, [u8; 16])],
    ) -> Result<Vec<SyncRow>, StoreError> {
        const SQL: &str = sync_rows!("WHERE tenant = $1 AND object = $2 AND id = $3");
        let lists = rows.iter().map(|(object, id)| args![tenant, *object, id]).collect();
        self.sync_each(SQL, lists).await
    }

    /// What these people's rows want, due or not, up to `max` for each, messages
    /// as they were stored, whichever became due first:
    /// it may ride along in a call that goes anyway. Rows that wait after a
    /// refusal or sit in an open call do not.
    pub async fn sync_pending(
        &self,
        tenant: &TenantId,
        roots: &[PersonId],
        max: u32,
    ) -> Result<Vec<SyncRow>, StoreError> {
        const SQL: &str = sync_rows!(
            "WHERE tenant = $1 AND root = $2 AND wanted > done AND aside = 0 \
               AND flight_until <= $3 AND (attempts = 0 OR due_at <= $3 OR object = 2) \
             ORDER BY object, (SELECT m.seq FROM message m \
               WHERE m.tenant = sync_write.tenant AND m.id = sync_write.id), id LIMIT $4"
        );
        let now = self.now();
        let lists = roots.iter().map(|root| args![tenant, *root, now, max]).collect();
        Ok(in_turn(self.sync_each(SQL, lists).await?, now))
    }

    /// The calls that failed for a row, first one first.
    pub async fn sync_attempts(
        &self,
        tenant: &TenantId,
        object: Object,
        id: &[u8; 16],
    ) -> Result<Vec<SyncAttempt>, StoreError> {
        const SQL: &str = "SELECT at, version, outcome, code FROM sync_attempt \
                           WHERE tenant = $1 AND object = $2 AND id = $3 ORDER BY seq";
        let args = args![tenant, object, id];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    Ok(SyncAttempt {
                        at: row.get()?,
                        version: row.get()?,
                        outcome: row.get()?,
                        code: row.get()?,
                    })
                })
            })
        })
        .await
    }

    async fn sync_each(
        &self,
        sql: &'static str,
        lists: Vec<Vec<V>>,
    ) -> Result<Vec<SyncRow>, StoreError> {
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.each(sql, lists).await?;
                every(cx, rows, |cx, row| boxed(sync_row(cx, row))).await
            })
        })
        .await
    }
}
