//! Sends that are held because somebody else may have made them.

use model::ids::{MessageId, OutboxId, PersonId, TenantId};
use model::planted::{Planted, planted};

use super::finish::{Taken, has_it};
use super::{Applied, sync};
use crate::StoreError;
use crate::cx::{Cx, FeedDraft};
use crate::op::{Did, HeldDecision, HeldSent, HoldEnd, HoldRaised, Want, Word};
use crate::row::{HoldWhy, Object};
use crate::sql::args;

/// The one guard: who claims a lane and who begins a send asks here first.
pub(super) async fn is_on(cx: &mut Cx) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT 1 FROM installation WHERE restored_at IS NOT NULL";
    if planted(Planted::RestoreResends) {
        return Ok(false);
    }
    Ok(cx.tx.row(SQL, vec![]).await?.is_some())
}

pub(super) async fn raise(cx: &mut Cx, op: HoldRaised) -> Applied {
    const ON: &str = "UPDATE installation SET restored_at = COALESCE(restored_at, $1), \
            held_why = COALESCE(held_why, $2)";
    const SENDS: &str = "UPDATE outbox SET state = 'held', uncertain_until = NULL \
        WHERE state IN ('queued', 'sending', 'uncertain')";
    if op.why == HoldWhy::Restored {
        renew(cx).await?;
    }
    cx.tx.exec(ON, args![op.at, op.why]).await?;
    if planted(Planted::RestoreResends) {
        return Ok(Did::Count(0));
    }
    Ok(Did::Count(cx.tx.exec(SENDS, vec![]).await?))
}

/// Room for four thousand million versions that the lost database may have
/// written of each row.
async fn renew(cx: &mut Cx) -> Result<(), StoreError> {
    const GENERATION: &str = "UPDATE installation SET generation = generation + 1, held_why = NULL";
    const VERSIONS: &str = "UPDATE sync_write SET wanted = wanted + 4294967296, \
            sent = CASE WHEN sent > 0 THEN sent + 4294967296 ELSE 0 END, \
            done = CASE WHEN done > 0 THEN done + 4294967296 ELSE 0 END";
    cx.tx.exec(GENERATION, vec![]).await?;
    cx.tx.exec(VERSIONS, vec![]).await.map(drop)
}

pub(super) async fn sent(cx: &mut Cx, op: HeldSent) -> Applied {
    const FIND: &str = "SELECT number, person, message FROM outbox \
        WHERE tenant = $1 AND id = $2 AND state IN ('held', 'asked', 'accepted')";
    let Some(mut row) = cx.tx.row(FIND, args![&op.tenant, op.outbox]).await? else {
        return Ok(Did::Done);
    };
    let taken = Taken {
        tenant: op.tenant,
        outbox: op.outbox,
        number: row.get()?,
        person: row.get()?,
        message: row.get()?,
        at: op.at,
        sync_due_at: op.sync_due_at,
    };
    has_it(cx, &taken, op.state_key, &op.wamid, &op.known).await?;
    Ok(Did::Done)
}

pub(super) async fn decide(cx: &mut Cx, op: HeldDecision) -> Applied {
    const SEND: &str = "UPDATE outbox SET state = 'queued', due_at = $1, code = NULL, \
            detail = NULL WHERE tenant = $2 AND state = 'held' \
          AND (CAST($3 AS BIGINT) = 1 OR id = $4) RETURNING id, message, person";
    const DROP: &str = "UPDATE outbox SET state = 'dropped', failed_at = $1, \
            code = $2, detail = NULL \
        WHERE tenant = $3 AND state = 'held' \
          AND (CAST($4 AS BIGINT) = 1 OR id = $5) RETURNING id, message, person";
    const CODE: &str = "puente.dropped_after_restore";
    let id = op.outbox.unwrap_or(OutboxId::from_bytes([0; 16]));
    let all = i64::from(op.outbox.is_none());
    let (sql, args) = match op.word {
        Word::Send => (SEND, args![op.at, &op.tenant, all, id]),
        Word::Drop => (DROP, args![op.at, CODE, &op.tenant, all, id]),
    };
    let rows = cx.tx.rows(sql, args).await?;
    let decided = rows.len() as u64;
    if op.word == Word::Drop {
        for mut row in rows {
            let (id, message, person) = (row.get()?, row.get()?, row.get()?);
            dropped(cx, &op, id, message, person).await?;
        }
    }
    Ok(Did::Count(decided))
}

async fn dropped(
    cx: &mut Cx,
    op: &HeldDecision,
    id: OutboxId,
    message: MessageId,
    person: PersonId,
) -> Result<(), StoreError> {
    let tenant: TenantId = op.tenant.clone();
    cx.feed.push(FeedDraft {
        tenant: tenant.clone(),
        at: op.at,
        kind: "send.failed",
        message,
        outbox: Some(id),
        status: Some(model::Status::Failed),
    });
    let (object, id) = (Object::Message, *message.as_bytes());
    let want = Want { tenant, object, id, root: person, due_at: op.at };
    sync::want(cx, want, model::Urgency::Live).await.map(drop)
}

pub(super) async fn end(cx: &mut Cx, op: HoldEnd) -> Applied {
    const LEFT: &str = "SELECT COUNT(*) FROM outbox WHERE state = 'held' \
        AND tenant IN (SELECT id FROM tenant)";
    const OFF: &str = "UPDATE installation SET restored_at = NULL, held_why = NULL \
        WHERE CAST($1 AS BIGINT) = 1 OR held_why = 'restored'";
    let left: u64 = match cx.tx.row(LEFT, vec![]).await? {
        Some(mut row) => row.get()?,
        None => 0,
    };
    if left == 0 {
        cx.tx.exec(OFF, args![op.by_person]).await?;
    }
    Ok(Did::Count(left))
}
