//! The one permission to make the one call.

use model::ids::{LaneId, MessageId, PersonId, PhoneNumberId, TenantId};
use model::{Purpose, UnixMs, Urgency};

use super::{Applied, consent, hold, sync, template};
use crate::StoreError;
use crate::cx::{Cx, FeedDraft};
use crate::op::{BeginSend, Did, NotNow, SendPermit, Want};
use crate::row::Object;
use crate::sql::args;

/// Service window: 24 hours from the customer's last message (Cloud API,
/// Send messages, customer service windows).
const WINDOW_MS: i64 = 24 * 60 * 60 * 1000;

pub(super) async fn begin(cx: &mut Cx, op: BeginSend) -> Applied {
    const TAKE: &str = "UPDATE outbox SET state = 'sending', attempts = attempts + 1 \
        WHERE tenant = $1 AND id = $2 AND state = 'queued' AND due_at <= $3 \
        RETURNING attempts, lane, free_form, person, message, number, purpose";
    // After every call of this send, whatever the clock says: the newest decides.
    const ATTEMPT: &str = "INSERT INTO send_attempt (tenant, id, outbox, begun_at, deadline) \
        VALUES ($1, $2, $3, COALESCE((SELECT MAX(n.begun_at) + 1 FROM send_attempt n \
            WHERE n.tenant = $1 AND n.outbox = $3 AND n.begun_at >= $4), $4), $5)";
    if hold::is_on(cx).await? {
        return Ok(Did::NotNow(NotNow::Held));
    }
    let taken = cx.tx.row(TAKE, args![&op.tenant, op.outbox, op.at]).await?;
    let Some(mut row) = taken else {
        return Ok(Did::NotNow(NotNow::Gone));
    };
    let number_of_attempt: u32 = row.get()?;
    let lane: LaneId = row.get()?;
    let free_form: bool = row.get()?;
    let (person, message, number): (PersonId, MessageId, PhoneNumberId) =
        (row.get()?, row.get()?, row.get()?);
    let last_inbound = last_inbound(cx, &op.tenant, lane).await?;
    if free_form && last_inbound.is_none_or(|at| at <= op.at.plus(-WINDOW_MS)) {
        close(cx, &op, person, message, "puente.window_closed").await?;
        return Ok(Did::NotNow(NotNow::WindowClosed));
    }
    let used = match free_form {
        true => None,
        false => template::used(cx, &op.tenant, op.outbox, &number).await?,
    };
    if let Some(code) = used.as_ref().and_then(|used| used.stop) {
        close(cx, &op, person, message, code).await?;
        return Ok(Did::NotNow(NotNow::TemplateStopped));
    }
    let unnamed = if free_form { Purpose::Service } else { Purpose::Marketing };
    let wished = row.get::<Option<Purpose>>()?.unwrap_or(unnamed);
    let purpose = used.and_then(|used| used.purpose).unwrap_or(wished);
    let standing = consent::standing(cx, &op.tenant, person, purpose).await?;
    if let Err(denied) = op.policy.check(purpose, standing, last_inbound) {
        close(cx, &op, person, message, denied.as_str()).await?;
        return Ok(Did::NotNow(NotNow::Denied(denied)));
    }
    let BeginSend { tenant, outbox, attempt, at, deadline, .. } = op;
    cx.tx.exec(ATTEMPT, args![&tenant, attempt, outbox, at, deadline]).await?;
    Ok(Did::Permit(SendPermit { tenant, outbox, attempt, number_of_attempt, deadline }))
}

async fn last_inbound(
    cx: &mut Cx,
    tenant: &TenantId,
    lane: LaneId,
) -> Result<Option<UnixMs>, StoreError> {
    const SQL: &str = "SELECT last_inbound_at FROM lane WHERE tenant = $1 AND id = $2";
    match cx.tx.row(SQL, args![tenant, lane]).await? {
        Some(mut row) => row.get(),
        None => Ok(None),
    }
}

/// No call was made: the attempt is not counted, and the send is over.
async fn close(
    cx: &mut Cx,
    op: &BeginSend,
    person: PersonId,
    message: MessageId,
    code: &'static str,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE outbox SET state = 'failed', attempts = attempts - 1, \
            failed_at = $1, code = $2, detail = NULL \
        WHERE tenant = $3 AND id = $4";
    cx.tx.exec(SQL, args![op.at, code, &op.tenant, op.outbox]).await?;
    cx.feed.push(FeedDraft {
        tenant: op.tenant.clone(),
        at: op.at,
        kind: "send.failed",
        message,
        outbox: Some(op.outbox),
        status: Some(model::Status::Failed),
    });
    let want = Want {
        tenant: op.tenant.clone(),
        object: Object::Message,
        id: *message.as_bytes(),
        root: person,
        due_at: op.sync_due_at,
    };
    sync::want(cx, want, Urgency::Live).await.map(drop)
}
