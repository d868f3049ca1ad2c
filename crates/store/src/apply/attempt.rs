//! The one permission to make the one call.

use model::ids::{LaneId, MessageId, PersonId, PhoneNumberId, TenantId};
use model::{UnixMs, Urgency};

use super::{Applied, hold, sync, template};
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
        RETURNING attempts, lane, free_form, person, message, number";
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
    if free_form && !open(cx, &op.tenant, lane, op.at).await? {
        close(cx, &op, person, message, "puente.window_closed").await?;
        return Ok(Did::NotNow(NotNow::WindowClosed));
    }
    if !free_form && let Some(code) = template::stopped(cx, &op.tenant, op.outbox, &number).await? {
        close(cx, &op, person, message, code).await?;
        return Ok(Did::NotNow(NotNow::TemplateStopped));
    }
    let BeginSend { tenant, outbox, attempt, at, deadline, .. } = op;
    cx.tx.exec(ATTEMPT, args![&tenant, attempt, outbox, at, deadline]).await?;
    Ok(Did::Permit(SendPermit { tenant, outbox, attempt, number_of_attempt, deadline }))
}

async fn open(
    cx: &mut Cx,
    tenant: &TenantId,
    lane: LaneId,
    at: UnixMs,
) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT 1 FROM lane WHERE tenant = $1 AND id = $2 AND last_inbound_at > $3";
    let row = cx.tx.row(SQL, args![tenant, lane, at.plus(-WINDOW_MS)]).await?;
    Ok(row.is_some())
}

/// No call was made: the attempt is not counted, and the send is over.
async fn close(
    cx: &mut Cx,
    op: &BeginSend,
    person: PersonId,
    message: MessageId,
    code: &str,
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
