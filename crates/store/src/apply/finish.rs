//! How a call ended, whatever became known meanwhile.
//!
//! A status may have settled the send before its answer was recorded; then
//! nothing here lowers it. A late answer that says "accepted" is believed even
//! when the attempt had been given up as uncertain.

use model::ids::{MessageId, OutboxId, PersonId, PhoneNumberId, TenantId};
use model::planted::{Planted, planted};
use model::{Status, UnixMs};

use super::message::{self, Target};
use super::standing::Report;
use super::{Applied, double, settle, status, sync};
use crate::StoreError;
use crate::cx::{Cx, FeedDraft};
use crate::op::{Did, FinishSend, SendEnd, SendPermit, Want};
use crate::row::Object;
use crate::seal::Owner;
use crate::sql::args;

pub(crate) const DETAIL: &str = "outbox.detail";

struct Send {
    permit: SendPermit,
    at: UnixMs,
    sync_due_at: UnixMs,
    number: PhoneNumberId,
    person: PersonId,
    message: MessageId,
    /// No call was begun after this one. What an older call ended with is
    /// written down with it, and decides nothing any more.
    latest: bool,
}

pub(super) async fn finish(cx: &mut Cx, op: FinishSend) -> Applied {
    const FIND: &str = "SELECT o.number, o.person, o.message, NOT EXISTS ( \
            SELECT 1 FROM send_attempt n WHERE n.tenant = a.tenant AND n.outbox = a.outbox \
              AND n.begun_at > a.begun_at) \
        FROM send_attempt a JOIN outbox o ON o.tenant = a.tenant AND o.id = a.outbox \
        WHERE a.tenant = $1 AND a.id = $2 AND a.outbox = $3";
    let FinishSend { permit, at, end, sync_due_at } = op;
    let args = args![&permit.tenant, permit.attempt, permit.outbox];
    let row = cx.tx.row(FIND, args).await?;
    let mut row = row.ok_or(StoreError::Conflict("send_attempt"))?;
    let (number, person, message, latest) = (row.get()?, row.get()?, row.get()?, row.get()?);
    let send = Send { permit, at, sync_due_at, number, person, message, latest };
    match end {
        SendEnd::Accepted { state_key, wamid } => accepted(cx, &send, state_key, &wamid).await?,
        SendEnd::Refused { code, detail } => refused(cx, &send, &code, &detail).await?,
        SendEnd::NotSent { code, detail, due_at } => {
            not_sent(cx, &send, &code, &detail, due_at).await?;
        }
        SendEnd::Uncertain { code, detail, until } => {
            uncertain(cx, &send, &code, &detail, until).await?;
        }
    }
    Ok(Did::Done)
}

async fn accepted(
    cx: &mut Cx,
    send: &Send,
    state_key: [u8; 16],
    wamid: &str,
) -> Result<(), StoreError> {
    const ATTEMPT: &str = "UPDATE send_attempt SET outcome = 'accepted', ended_at = $1 \
        WHERE tenant = $2 AND id = $3 AND outcome <> 'settled' AND outcome <> 'accepted'";
    let tenant = &send.permit.tenant;
    cx.tx.exec(ATTEMPT, args![send.at, tenant, send.permit.attempt]).await?;
    let taken = Taken {
        tenant: tenant.clone(),
        outbox: send.permit.outbox,
        number: send.number.clone(),
        person: send.person,
        message: send.message,
        at: send.at,
        sync_due_at: send.sync_due_at,
    };
    has_it(cx, &taken, state_key, wamid, &[(Status::Accepted, send.at)]).await
}

/// A send that Meta has, however that became known.
pub(super) struct Taken {
    pub tenant: TenantId,
    pub outbox: OutboxId,
    pub number: PhoneNumberId,
    pub person: PersonId,
    pub message: MessageId,
    pub at: UnixMs,
    pub sync_due_at: UnixMs,
}

/// Accepts the send, ties its message to the wamid and merges what is known
/// of it.
pub(super) async fn has_it(
    cx: &mut Cx,
    taken: &Taken,
    state_key: [u8; 16],
    wamid: &str,
    known: &[(Status, UnixMs)],
) -> Result<(), StoreError> {
    let Taken { tenant, outbox, person, message, at, .. } = taken;
    let settled = settle::accept(cx, tenant, *outbox, *at).await?;
    let tied = message::tie(cx, tenant, *message, &state_key).await?;
    if tied.is_some_and(|key| key != state_key) {
        double::alert(cx, tenant, *message, *at).await?;
    }
    let number = taken.number.clone();
    let key = status::Key { tenant: tenant.clone(), number, state: state_key };
    for (nth, (status, at)) in known.iter().enumerate() {
        let report = Report { status: *status, at: *at, code: None, detail: None, pricing: None };
        let (raised, standing) = status::see(cx, &key, report, wamid, Some(*person)).await?;
        if tied == Some(state_key) && (raised || settled && nth == 0) {
            let target = Target { id: *message, person: *person, outbox: Some(*outbox) };
            status::tell(cx, tenant, &target, &standing, *at, taken.sync_due_at).await?;
        }
    }
    Ok(())
}

async fn refused(cx: &mut Cx, send: &Send, code: &str, detail: &str) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE outbox SET state = 'failed', failed_at = $1, code = $2, \
            detail = $3, uncertain_until = NULL \
        WHERE tenant = $4 AND id = $5 AND state IN ('sending', 'uncertain', 'asked')";
    if !ended(cx, send, "refused", code).await? {
        return Ok(());
    }
    let detail = sealed(cx, send, detail).await?;
    let args = args![send.at, code, detail, &send.permit.tenant, send.permit.outbox];
    if cx.tx.exec(SQL, args).await? > 0 {
        told(cx, send, "send.failed", Status::Failed).await?;
    }
    Ok(())
}

async fn not_sent(
    cx: &mut Cx,
    send: &Send,
    code: &str,
    detail: &str,
    due_at: UnixMs,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE outbox SET state = 'queued', due_at = $1, code = $2, detail = $3, \
            uncertain_until = NULL \
        WHERE tenant = $4 AND id = $5 AND state IN ('sending', 'uncertain', 'asked')";
    if !ended(cx, send, "not_sent", code).await? {
        return Ok(());
    }
    let detail = sealed(cx, send, detail).await?;
    let args = args![due_at, code, detail, &send.permit.tenant, send.permit.outbox];
    cx.tx.exec(SQL, args).await.map(drop)
}

async fn uncertain(
    cx: &mut Cx,
    send: &Send,
    code: &str,
    detail: &str,
    until: UnixMs,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE outbox SET state = 'uncertain', uncertain_until = $1, code = $2, \
            detail = $3 WHERE tenant = $4 AND id = $5 AND state = 'sending'";
    if !ended(cx, send, "uncertain", code).await? {
        return Ok(());
    }
    let detail = sealed(cx, send, detail).await?;
    let args = args![until, code, detail, &send.permit.tenant, send.permit.outbox];
    if cx.tx.exec(SQL, args).await? > 0 {
        told(cx, send, "send.uncertain", Status::Uncertain).await?;
    }
    Ok(())
}

/// `false` when the attempt had ended for good already, or is not the latest.
async fn ended(
    cx: &mut Cx,
    send: &Send,
    outcome: &'static str,
    code: &str,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE send_attempt SET outcome = $1, ended_at = $2, code = $3 \
        WHERE tenant = $4 AND id = $5 AND outcome IN ('open', 'uncertain')";
    if planted(Planted::FinishWithoutFence) {
        return reopened(cx, send).await;
    }
    let args = args![outcome, send.at, code, &send.permit.tenant, send.permit.attempt];
    Ok(cx.tx.exec(SQL, args).await? > 0 && send.latest)
}

/// Planted: the call's end no longer asks what its attempt came to meanwhile.
async fn reopened(cx: &mut Cx, send: &Send) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE outbox SET state = 'sending' WHERE tenant = $1 AND id = $2";
    let args = args![&send.permit.tenant, send.permit.outbox];
    Ok(cx.tx.exec(SQL, args).await? > 0)
}

async fn sealed(cx: &mut Cx, send: &Send, detail: &str) -> Result<Vec<u8>, StoreError> {
    let owner = Owner::Tenant(send.permit.tenant.clone());
    cx.seal(&owner, DETAIL, send.permit.outbox.as_bytes(), detail.as_bytes()).await
}

async fn told(
    cx: &mut Cx,
    send: &Send,
    kind: &'static str,
    status: Status,
) -> Result<(), StoreError> {
    let tenant = &send.permit.tenant;
    cx.feed.push(FeedDraft {
        tenant: tenant.clone(),
        at: send.at,
        kind,
        message: send.message,
        outbox: Some(send.permit.outbox),
        status: Some(status),
    });
    let want = Want {
        tenant: tenant.clone(),
        object: Object::Message,
        id: *send.message.as_bytes(),
        root: send.person,
        due_at: send.sync_due_at,
    };
    sync::want(cx, want, sync::urgency(Some(status))).await.map(drop)
}
