//! What Salesforce must come to show.

use model::planted::{Planted, planted};
use model::{Status, Urgency};

use super::{Applied, met};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{Did, SyncBegin, SyncEnd, SyncOutcome, Want};
use crate::seal::Owner;
use crate::sql::args;

pub(crate) const DETAIL: &str = "sync_write.detail";
pub(super) const REASON: &str = "sync_write.reason";

/// A call that neither ends nor is ended by its process is given up after this.
pub(crate) const FLIGHT_MS: i64 = 5 * 60 * 1000;

/// The people of `$1` who go by call: a row of theirs must, so the others do
/// too, or a job would be ahead of it.
macro_rules! by_call {
    () => {
        "(SELECT c.root FROM sync_write c \
          WHERE c.tenant = $1 AND c.by_call = 1 AND c.wanted > c.done AND c.aside = 0)"
    };
}

pub(crate) use by_call;

/// A step of a message that is shown is less urgent than a message; a failure
/// is as urgent, because somebody may have to act on it.
pub(super) fn urgency(status: Option<Status>) -> Urgency {
    match status {
        Some(Status::Failed | Status::Uncertain) => Urgency::Live,
        _ => Urgency::Status,
    }
}

/// What waits stays as urgent as it was; it only becomes more so.
pub(super) async fn want(cx: &mut Cx, op: Want, urgency: Urgency) -> Applied {
    const SQL: &str = "INSERT INTO sync_write (tenant, object, id, root, wanted, due_at, \
            first_wanted_at, urgency) VALUES ($1, $2, $3, $4, \
            (SELECT (generation - 1) * 4294967296 + 1 FROM installation), $5, $6, $7) \
        ON CONFLICT (tenant, object, id) DO UPDATE SET \
            urgency = CASE WHEN sync_write.wanted > sync_write.done \
                AND sync_write.urgency < excluded.urgency \
                THEN sync_write.urgency ELSE excluded.urgency END, \
            wanted = sync_write.wanted + 1, root = excluded.root, aside = 0, reason = NULL, \
            due_at = CASE WHEN sync_write.wanted > sync_write.done AND sync_write.aside = 0 \
                AND sync_write.due_at < excluded.due_at \
                THEN sync_write.due_at ELSE excluded.due_at END, \
            first_wanted_at = CASE WHEN sync_write.wanted > sync_write.done \
                THEN sync_write.first_wanted_at ELSE excluded.first_wanted_at END";
    let now = cx.ambient.now();
    let args = args![&op.tenant, op.object, op.id, op.root, op.due_at, now, urgency];
    cx.tx.exec(SQL, args).await?;
    Ok(Did::Done)
}

/// The row leaves the due ones until its call ends. What was wanted after the
/// version in the call keeps its own time. Rows of people whom a Bulk job holds
/// are the job's: then the commit fails.
pub(super) async fn begin(cx: &mut Cx, op: SyncBegin) -> Applied {
    const SQL: &str = "UPDATE sync_write SET sent = CASE WHEN sent > $1 THEN sent ELSE $1 END, \
            attempts = attempts + 1, last_sent_at = $2, flight_until = $3, \
            due_at = CASE WHEN wanted > $1 THEN due_at ELSE $3 END \
        WHERE tenant = $4 AND object = $5 AND id = $6 \
          AND NOT EXISTS (SELECT 1 FROM bulk_hold h \
            WHERE h.tenant = sync_write.tenant AND h.root = sync_write.root) RETURNING 1";
    let until = op.at.plus(FLIGHT_MS);
    let mut rows = op.rows;
    rows.sort_unstable();
    let lists: Vec<_> = rows
        .iter()
        .map(|row| args![row.version, op.at, until, &op.tenant, row.object, row.id])
        .collect();
    let (wanted, begun) = (lists.len(), cx.tx.each(SQL, lists).await?.len());
    met(u64::from(wanted == begun), "sync_write")
}

pub(super) async fn end(cx: &mut Cx, op: SyncEnd) -> Applied {
    const WRITTEN: &str = "UPDATE sync_write SET \
            done = CASE WHEN done > $1 THEN done ELSE $1 END, record = $2, last_done_at = $3, \
            attempts = 0, flight_until = 0, aside = 0, code = NULL, detail = NULL, \
            job = NULL, by_call = 0 \
        WHERE tenant = $4 AND object = $5 AND id = $6";
    const NEWER_DROPPED: &str = "UPDATE sync_write SET done = wanted, record = $1, \
            last_done_at = $2, attempts = 0, flight_until = 0, aside = 0, code = NULL, \
            detail = NULL WHERE tenant = $3 AND object = $4 AND id = $5";
    const RETRY: &str = "UPDATE sync_write SET due_at = $1, code = $2, detail = $3, \
            flight_until = 0, job = NULL, by_call = CASE WHEN job IS NULL THEN by_call ELSE 1 END \
        WHERE tenant = $4 AND object = $5 AND id = $6";
    const HALTED: &str = "UPDATE sync_write SET due_at = $1, flight_until = 0, job = NULL, \
            attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END \
        WHERE tenant = $2 AND object = $3 AND id = $4";
    // A version wanted after the refused one has not been refused.
    const ASIDE: &str = "UPDATE sync_write SET \
            aside = CASE WHEN wanted > $1 THEN 0 ELSE 1 END, code = $2, detail = $3, \
            aside_at = $4, reason = NULL, flight_until = 0, job = NULL \
        WHERE tenant = $5 AND object = $6 AND id = $7";
    const ATTEMPT: &str = "INSERT INTO sync_attempt (tenant, object, id, at, version, outcome, \
            code) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let SyncEnd { tenant, row, at, end } = op;
    let failed = match &end {
        SyncOutcome::Retry { code, .. } => Some(("retry", code)),
        SyncOutcome::Aside { code, .. } => Some(("aside", code)),
        SyncOutcome::Written(_) | SyncOutcome::Halted { .. } => None,
    };
    if let Some((outcome, code)) = failed {
        let args = args![&tenant, row.object, row.id, at, row.version, outcome, code];
        cx.tx.exec(ATTEMPT, args).await?;
    }
    let (sql, args) = match end {
        SyncOutcome::Written(record) if planted(Planted::CoalescingDropsNewer) => {
            (NEWER_DROPPED, args![&record, at, &tenant, row.object, row.id])
        }
        SyncOutcome::Written(record) => {
            (WRITTEN, args![row.version, &record, at, &tenant, row.object, row.id])
        }
        SyncOutcome::Retry { code, detail, due_at } => {
            let detail = sealed(cx, &tenant, &row.id, &detail).await?;
            (RETRY, args![due_at, code, detail, &tenant, row.object, row.id])
        }
        SyncOutcome::Halted { due_at } => (HALTED, args![due_at, &tenant, row.object, row.id]),
        SyncOutcome::Aside { code, detail } => {
            let detail = sealed(cx, &tenant, &row.id, &detail).await?;
            (ASIDE, args![row.version, code, detail, at, &tenant, row.object, row.id])
        }
    };
    met(cx.tx.exec(sql, args).await?, "sync_write")
}

async fn sealed(
    cx: &mut Cx,
    tenant: &model::ids::TenantId,
    id: &[u8; 16],
    detail: &str,
) -> Result<Vec<u8>, StoreError> {
    cx.seal(&Owner::Tenant(tenant.clone()), DETAIL, id, detail.as_bytes()).await
}
