//! What a person or a rule decided about a send: once more, or not.

use model::ids::{MessageId, OutboxId, PersonId, TenantId};
use model::{Status, UnixMs};

use super::finish::DETAIL;
use super::{Applied, all, sync};
use crate::StoreError;
use crate::cx::{Cx, FeedDraft};
use crate::op::{Choice, Decided, Did, SendDecision, Want};
use crate::row::Object;
use crate::seal::Owner;
use crate::sql::args;

/// The code of a send that a person or a rule gave up.
const DROPPED: &str = "puente.dropped";

/// Which sends a decision may find.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Nobody knows whether Meta has it, for longer than a status takes.
    Unknown,
    /// Refused for good.
    Failed,
}

pub(super) struct Deciding<'a> {
    pub tenant: &'a TenantId,
    pub outbox: OutboxId,
    pub at: UnixMs,
    pub of: Of,
}

/// Arguments: time, tenant, id, whether it is about a failed one. What Meta has
/// by any report is never sent again, whatever our own row says.
macro_rules! waiting {
    ($set:expr) => {
        concat!(
            $set,
            " WHERE tenant = $2 AND id = $3 AND ( \
               (CAST($4 AS BIGINT) = 1 AND state = 'failed') OR (CAST($4 AS BIGINT) = 0 AND \
                 (state = 'asked' OR (state = 'uncertain' AND uncertain_until <= $1)))) \
             AND NOT EXISTS (SELECT 1 FROM message m WHERE m.tenant = outbox.tenant \
               AND m.id = outbox.message AND m.state_key IS NOT NULL) \
             RETURNING person, message"
        )
    };
}

/// The number of a row decides the order within its lane.
macro_rules! requeue {
    ($seq:literal) => {
        waiting!(concat!(
            "UPDATE outbox SET state = 'queued', due_at = $1, replayed_at = $1, seq = ",
            $seq,
            ", replays = replays + 1, uncertain_until = NULL, failed_at = NULL, code = NULL, \
             detail = NULL"
        ))
    };
}

pub(super) async fn decide(cx: &mut Cx, op: SendDecision) -> Applied {
    let SendDecision { tenant, outbox, at, choice, effects } = op;
    let deciding = Deciding { tenant: &tenant, outbox, at, of: Of::Unknown };
    let decided = match choice {
        Choice::Ask => ask(cx, &deciding).await?,
        Choice::Resend => again(cx, &deciding).await?,
        Choice::Drop { reason } => give_up(cx, &deciding, &reason).await?,
    };
    ended(cx, decided, effects).await
}

pub(super) async fn ended(cx: &mut Cx, decided: Decided, effects: Vec<crate::Op>) -> Applied {
    if decided == Decided::Done {
        all(cx, effects).await?;
    }
    Ok(Did::Decided(decided))
}

async fn ask(cx: &mut Cx, deciding: &Deciding<'_>) -> Result<Decided, StoreError> {
    const SQL: &str = "UPDATE outbox SET state = 'asked' WHERE tenant = $1 AND id = $2 \
                       AND state = 'uncertain' AND uncertain_until <= $3";
    let args = args![deciding.tenant, deciding.outbox, deciding.at];
    Ok(if cx.tx.exec(SQL, args).await? > 0 { Decided::Done } else { Decided::Gone })
}

/// Queued at the tail of its lane, for one more attempt.
pub(super) async fn again(cx: &mut Cx, deciding: &Deciding<'_>) -> Result<Decided, StoreError> {
    let sql = cx.tx.either(requeue!("(SELECT MAX(seq) + 1 FROM outbox)"), requeue!("DEFAULT"));
    if permit_is_open(cx, deciding).await? {
        return Ok(Decided::TooEarly);
    }
    let Some(mut row) = cx.tx.row(sql, deciding.args()).await? else {
        return Ok(Decided::Gone);
    };
    let (person, message) = (row.get()?, row.get()?);
    told(cx, deciding, person, message, "send.accepted", Status::Queued).await?;
    Ok(Decided::Done)
}

/// A call with an earlier permit may still be made before its deadline.
async fn permit_is_open(cx: &mut Cx, deciding: &Deciding<'_>) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT 1 FROM send_attempt a JOIN outbox o \
          ON o.tenant = a.tenant AND o.id = a.outbox \
        WHERE a.tenant = $1 AND a.outbox = $2 AND a.deadline > $3 \
          AND a.outcome IN ('open', 'uncertain') AND o.state IN ('uncertain', 'asked')";
    let args = args![deciding.tenant, deciding.outbox, deciding.at];
    Ok(cx.tx.row(SQL, args).await?.is_some())
}

/// The code each call ended with stays with the call.
pub(super) async fn give_up(
    cx: &mut Cx,
    deciding: &Deciding<'_>,
    reason: &str,
) -> Result<Decided, StoreError> {
    const SQL: &str = waiting!(
        "UPDATE outbox SET state = 'dropped', failed_at = COALESCE(failed_at, $1), \
         uncertain_until = NULL"
    );
    const WHY: &str = "UPDATE outbox SET code = $1, detail = $2 WHERE tenant = $3 AND id = $4";
    let Some(mut row) = cx.tx.row(SQL, deciding.args()).await? else {
        return Ok(Decided::Gone);
    };
    let (person, message) = (row.get()?, row.get()?);
    let owner = Owner::Tenant(deciding.tenant.clone());
    let reason = cx.seal(&owner, DETAIL, deciding.outbox.as_bytes(), reason.as_bytes()).await?;
    cx.tx.exec(WHY, args![DROPPED, reason, deciding.tenant, deciding.outbox]).await?;
    told(cx, deciding, person, message, "send.failed", Status::Failed).await?;
    Ok(Decided::Done)
}

async fn told(
    cx: &mut Cx,
    deciding: &Deciding<'_>,
    person: PersonId,
    message: MessageId,
    kind: &'static str,
    status: Status,
) -> Result<(), StoreError> {
    cx.feed.push(FeedDraft {
        tenant: deciding.tenant.clone(),
        at: deciding.at,
        kind,
        message,
        outbox: Some(deciding.outbox),
        status: Some(status),
    });
    let want = Want {
        tenant: deciding.tenant.clone(),
        object: Object::Message,
        id: *message.as_bytes(),
        root: person,
        due_at: deciding.at,
    };
    sync::want(cx, want, model::Urgency::Live).await.map(drop)
}

impl Deciding<'_> {
    fn args(&self) -> Vec<crate::sql::V> {
        args![self.at, self.tenant, self.outbox, self.of == Of::Failed]
    }
}
