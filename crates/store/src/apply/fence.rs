//! Who may write: leases with an epoch that rises when the holder changes.

use model::UnixMs;

use super::Applied;
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{Did, Fence, TakeLease};
use crate::sql::args;

/// The row stays locked until the commit, so nobody takes it over meanwhile.
pub(super) async fn check(cx: &mut Cx, fence: &Fence) -> Result<(), StoreError> {
    let (sql, args) = match fence {
        Fence::Lease { name, epoch } => (
            cx.tx.either(
                "SELECT 1 FROM lease WHERE name = $1 AND epoch = $2",
                "SELECT 1 FROM lease WHERE name = $1 AND epoch = $2 FOR NO KEY UPDATE",
            ),
            args![name, *epoch],
        ),
        Fence::Lane { lane, epoch } => (
            cx.tx.either(
                "SELECT 1 FROM lane WHERE id = $1 AND epoch = $2",
                "SELECT 1 FROM lane WHERE id = $1 AND epoch = $2 FOR NO KEY UPDATE",
            ),
            args![*lane, *epoch],
        ),
    };
    cx.tx.row(sql, args).await?.map(drop).ok_or(StoreError::Fenced)
}

pub(super) async fn take(cx: &mut Cx, op: TakeLease) -> Applied {
    const SQL: &str = "INSERT INTO lease (name, holder, epoch, until) VALUES ($1, $2, 1, $3) \
        ON CONFLICT (name) DO UPDATE SET \
            epoch = CASE WHEN lease.holder = excluded.holder THEN lease.epoch \
                         ELSE lease.epoch + 1 END, \
            holder = excluded.holder, until = excluded.until \
        WHERE lease.holder = excluded.holder OR lease.until <= $4 \
        RETURNING epoch";
    let now = cx.tx.now().await?;
    let row = cx.tx.row(SQL, args![op.name, op.holder, now + op.lease_ms, now]).await?;
    let epoch = row.map(|mut row| row.get()).transpose()?;
    Ok(Did::Lease(epoch))
}

/// A call to Meta has ended by then, one way or the other.
const CALL_MS: i64 = 30_000;

/// The epochs of lanes stay: whoever claims next raises them, so that a paused
/// holder is still fenced off.
pub(super) async fn take_over(cx: &mut Cx, at: UnixMs) -> Applied {
    const LEASES: &str = "UPDATE lease SET until = 0, epoch = epoch + 1";
    const LANES: &str = "UPDATE lane SET lease_until = 0 WHERE lease_until > 0";
    // A call to Meta that was under way may still arrive there: what is behind
    // it in its lane waits as it would for an uncertain answer.
    const BEHIND: &str = "UPDATE lane SET hold_until = $1 WHERE hold_until < $1 \
        AND id IN (SELECT lane FROM outbox WHERE state = 'sending')";
    // A row in a call is due when the call is given up: now.
    const CALLS: &str = "UPDATE sync_write SET flight_until = 0, \
            due_at = CASE WHEN due_at > $1 THEN $1 ELSE due_at END WHERE flight_until > 0";
    // What may have been created is looked up by its key before anything else.
    const CREATES: &str =
        "UPDATE record_link SET due_at = $1 WHERE state = 'creating' AND due_at > $1";
    const FILES: &str = "UPDATE media SET lease_until = 0, epoch = epoch + 1 WHERE lease_until > 0";
    cx.tx.exec(LEASES, vec![]).await?;
    cx.tx.exec(FILES, vec![]).await?;
    cx.tx.exec(LANES, vec![]).await?;
    cx.tx.exec(BEHIND, args![at.plus(CALL_MS)]).await?;
    cx.tx.exec(CALLS, args![at]).await?;
    cx.tx.exec(CREATES, args![at]).await?;
    Ok(Did::Done)
}
