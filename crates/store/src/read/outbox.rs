//! Sends and their calls.

use model::UnixMs;
use model::ids::{AttemptId, LaneId, OutboxId, TenantId};

use super::{boxed, every, first, plain};
use crate::apply::finish::DETAIL;
use crate::apply::outbox::{BODY, REFERENCE, reference_hash};
use crate::cx::Cx;
use crate::row::{Attempt, Outbox, OutboxState};
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! outboxes {
    ($rest:literal) => {
        concat!(
            "SELECT tenant, id, lane, number, person, message, class, state, free_form, \
             reference, due_at, created_at, attempts, code, detail, body, replays, replayed_at FROM outbox ",
            $rest
        )
    };
}

async fn outbox(cx: &mut Cx, mut row: Cols) -> Result<Outbox, StoreError> {
    let (tenant, id): (TenantId, OutboxId) = (row.get()?, row.get()?);
    Ok(Outbox {
        id,
        lane: row.get()?,
        number: row.get()?,
        person: row.get()?,
        message: row.get()?,
        class: row.get()?,
        state: row.get()?,
        free_form: row.get()?,
        reference: cx.open_text(&tenant, REFERENCE, id.as_bytes(), row.get()?).await?,
        due_at: row.get()?,
        created_at: row.get()?,
        attempts: row.get()?,
        code: row.get()?,
        detail: detail(cx, &tenant, id, row.get()?).await?,
        body: cx.open(tenant.as_str(), BODY, id.as_bytes(), row.get()?).await?,
        replays: row.get()?,
        replayed_at: row.get()?,
    })
}

pub(super) async fn detail(
    cx: &mut Cx,
    tenant: &TenantId,
    id: OutboxId,
    sealed: Option<Vec<u8>>,
) -> Result<Option<String>, StoreError> {
    cx.open_text(tenant, DETAIL, id.as_bytes(), sealed).await
}

fn attempt(row: &mut Cols) -> Result<Attempt, StoreError> {
    Ok(Attempt {
        id: row.get()?,
        outbox: row.get()?,
        begun_at: row.get()?,
        ended_at: row.get()?,
        end: row.get()?,
        code: row.get()?,
    })
}

impl Store {
    /// What goes next on the lane, when it is due: live before automatic
    /// before campaign, then in the order they were accepted.
    pub async fn lane_head(
        &self,
        tenant: &TenantId,
        lane: LaneId,
        now: UnixMs,
    ) -> Result<Option<Outbox>, StoreError> {
        const SQL: &str = outboxes!(
            "WHERE tenant = $1 AND lane = $2 AND state = 'queued' ORDER BY class, seq LIMIT 1"
        );
        let head = self.outboxes(SQL, args![tenant, lane]).await?;
        Ok(first(head).filter(|head| head.due_at <= now))
    }

    pub async fn outbox(
        &self,
        tenant: &TenantId,
        id: OutboxId,
    ) -> Result<Option<Outbox>, StoreError> {
        const SQL: &str = outboxes!("WHERE tenant = $1 AND id = $2");
        Ok(first(self.outboxes(SQL, args![tenant, id]).await?))
    }

    /// The send that holds this request key, and the digest of its request.
    pub async fn outbox_by_request_key(
        &self,
        tenant: &TenantId,
        key: &[u8; 32],
    ) -> Result<Option<(OutboxId, [u8; 32])>, StoreError> {
        const SQL: &str =
            "SELECT id, request_digest FROM outbox WHERE tenant = $1 AND request_key = $2";
        let args = args![tenant, key];
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(SQL, args).await?;
                Ok(first(plain(rows, |row| Ok((row.get()?, row.get()?)))?))
            })
        })
        .await
    }

    /// By the caller's own reference, newest first.
    pub async fn outbox_by_reference(
        &self,
        tenant: &TenantId,
        reference: &str,
        max: u32,
    ) -> Result<Vec<Outbox>, StoreError> {
        const SQL: &str =
            outboxes!("WHERE tenant = $1 AND reference_hash = $2 ORDER BY seq DESC LIMIT $3");
        let (tenant, reference) = (tenant.clone(), reference.to_owned());
        self.read(move |cx| {
            boxed(async move {
                let hash = reference_hash(cx, tenant.as_str(), &reference);
                let rows = cx.tx.rows(SQL, args![&tenant, hash, max]).await?;
                every(cx, rows, |cx, row| boxed(outbox(cx, row))).await
            })
        })
        .await
    }

    /// Oldest first.
    pub async fn outbox_in_state(
        &self,
        tenant: &TenantId,
        state: OutboxState,
        max: u32,
    ) -> Result<Vec<Outbox>, StoreError> {
        const SQL: &str = outboxes!("WHERE tenant = $1 AND state = $2 ORDER BY seq LIMIT $3");
        self.outboxes(SQL, args![tenant, state, max]).await
    }

    /// Uncertain sends that no status has settled within their time.
    pub async fn outbox_overdue(
        &self,
        tenant: &TenantId,
        now: UnixMs,
        max: u32,
    ) -> Result<Vec<Outbox>, StoreError> {
        const SQL: &str = outboxes!(
            "WHERE state = 'uncertain' AND uncertain_until <= $1 AND tenant = $2 \
             ORDER BY seq LIMIT $3"
        );
        self.outboxes(SQL, args![now, tenant, max]).await
    }

    async fn outboxes(&self, sql: &'static str, args: Vec<V>) -> Result<Vec<Outbox>, StoreError> {
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(sql, args).await?;
                every(cx, rows, |cx, row| boxed(outbox(cx, row))).await
            })
        })
        .await
    }

    /// The calls of one send, first one first.
    pub async fn attempts(
        &self,
        tenant: &TenantId,
        outbox: OutboxId,
    ) -> Result<Vec<Attempt>, StoreError> {
        const SQL: &str = "SELECT id, outbox, begun_at, ended_at, outcome, code FROM send_attempt \
                           WHERE tenant = $1 AND outbox = $2 ORDER BY begun_at, id";
        let args = args![tenant, outbox];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(SQL, args).await?, attempt) }))
            .await
    }

    /// The call a tracker names, and whose it is.
    pub async fn attempt(&self, id: AttemptId) -> Result<Option<(TenantId, Attempt)>, StoreError> {
        const SQL: &str = "SELECT tenant, id, outbox, begun_at, ended_at, outcome, code \
                           FROM send_attempt WHERE id = $1";
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(SQL, args![id]).await?;
                Ok(first(plain(rows, |row| Ok((row.get()?, attempt(row)?)))?))
            })
        })
        .await
    }
}
