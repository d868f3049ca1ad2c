//! Jobs of a long backlog.

use super::sync::by_call;
use super::{Applied, met};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{BulkBegin, BulkClaim, BulkClose, BulkRelease, BulkStep, ByCall, Did};
use crate::row::BulkState;
use crate::sql::args;

pub(super) async fn claim(cx: &mut Cx, op: BulkClaim) -> Applied {
    const JOB: &str = "INSERT INTO bulk_job (tenant, id, state, begun_at, stepped_at, due_at) \
                       VALUES ($1, $2, $3, $4, $4, $4)";
    // On PostgreSQL a call may begin beside this: then one row is written twice
    // at one version, which shows once.
    const HOLD: &str = concat!(
        "INSERT INTO bulk_hold (tenant, root, job) \
        SELECT DISTINCT j.tenant, s.root, j.id FROM bulk_job j \
            JOIN sync_write s ON s.tenant = j.tenant \
        WHERE j.tenant = $1 AND j.id = $2 AND s.root = $3 AND s.wanted > s.done AND s.aside = 0 \
          AND NOT EXISTS (SELECT 1 FROM sync_write f WHERE f.tenant = j.tenant \
                AND f.root = s.root AND f.wanted > f.done AND f.aside = 0 AND f.flight_until > $4) \
          AND s.root NOT IN ",
        by_call!(),
        " ON CONFLICT (tenant, root) DO NOTHING RETURNING 1"
    );
    cx.tx.exec(JOB, args![&op.tenant, op.id, BulkState::Claimed, op.at]).await?;
    let mut roots = op.roots;
    roots.sort_unstable();
    let lists = roots.iter().map(|root| args![&op.tenant, op.id, *root, op.at]).collect();
    match cx.tx.each(HOLD, lists).await?.len() {
        0 => Err(StoreError::Conflict("bulk_hold")),
        held => Ok(Did::Count(held as u64)),
    }
}

pub(super) async fn begin(cx: &mut Cx, op: BulkBegin) -> Applied {
    const SQL: &str = "UPDATE sync_write SET sent = CASE WHEN sent > $1 THEN sent ELSE $1 END, \
            attempts = attempts + 1, last_sent_at = $2, job = $3 \
        WHERE tenant = $4 AND object = $5 AND id = $6 AND job IS NULL RETURNING 1";
    let mut rows = op.rows;
    rows.sort_unstable();
    let lists: Vec<_> = rows
        .iter()
        .map(|row| args![row.version, op.at, op.id, &op.tenant, row.object, row.id])
        .collect();
    let (wanted, begun) = (lists.len(), cx.tx.each(SQL, lists).await?.len());
    met(u64::from(wanted == begun), "sync_write")
}

pub(super) async fn step(cx: &mut Cx, op: BulkStep) -> Applied {
    const SQL: &str = "UPDATE bulk_job SET object = $1, state = $2, remote = $3, due_at = $4, \
            looks = $5, stepped_at = $6, begun_at = $7 WHERE tenant = $8 AND id = $9";
    let args = args![
        op.object,
        op.state,
        op.remote.as_ref(),
        op.due_at,
        op.looks,
        op.at,
        op.begun_at,
        &op.tenant,
        op.id,
    ];
    met(cx.tx.exec(SQL, args).await?, "bulk_job")
}

pub(super) async fn release(cx: &mut Cx, op: BulkRelease) -> Applied {
    const SQL: &str = "UPDATE sync_write SET job = NULL, \
            attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END, \
            by_call = CASE WHEN CAST($1 AS BIGINT) = 1 THEN 1 ELSE by_call END \
        WHERE tenant = $2 AND job = $3";
    cx.tx.exec(SQL, args![op.by_call, &op.tenant, op.id]).await?;
    Ok(Did::Done)
}

pub(super) async fn by_call(cx: &mut Cx, op: ByCall) -> Applied {
    const SQL: &str = "UPDATE sync_write SET by_call = 1 \
        WHERE tenant = $1 AND object = $2 AND id = $3 RETURNING 1";
    let lists = op.rows.iter().map(|(object, id)| args![&op.tenant, *object, id]).collect();
    cx.tx.each(SQL, lists).await?;
    Ok(Did::Done)
}

pub(super) async fn close(cx: &mut Cx, op: BulkClose) -> Applied {
    const ROWS: &str = "UPDATE sync_write SET by_call = 1 \
        WHERE tenant = $1 AND wanted > done AND aside = 0 \
          AND root IN (SELECT root FROM bulk_hold WHERE tenant = $1 AND job = $2)";
    const HOLDS: &str = "DELETE FROM bulk_hold WHERE tenant = $1 AND job = $2";
    const JOB: &str = "DELETE FROM bulk_job WHERE tenant = $1 AND id = $2";
    release(cx, BulkRelease { tenant: op.tenant.clone(), id: op.id, by_call: true }).await?;
    cx.tx.exec(ROWS, args![&op.tenant, op.id]).await?;
    cx.tx.exec(HOLDS, args![&op.tenant, op.id]).await?;
    met(cx.tx.exec(JOB, args![&op.tenant, op.id]).await?, "bulk_job")
}
