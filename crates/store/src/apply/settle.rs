//! A status that carries our own tracker settles the attempt it names.

use model::UnixMs;
use model::ids::{AttemptId, MessageId, OutboxId, PhoneNumberId, TenantId};

use crate::StoreError;
use crate::cx::Cx;
use crate::sql::args;

/// What an attempt sent, and whether this status was the first to tell.
pub(super) struct Sent {
    pub message: MessageId,
    pub settled: bool,
}

/// Whatever we believed of the attempt, Meta has the message: the send is
/// accepted and must not be repeated. A refusal stays a refusal in the outbox;
/// the message's own status outranks it.
pub(super) async fn by_status(
    cx: &mut Cx,
    tenant: &TenantId,
    number: &PhoneNumberId,
    attempt: AttemptId,
    at: UnixMs,
) -> Result<Option<Sent>, StoreError> {
    const FIND: &str = "SELECT o.id, o.message FROM send_attempt a \
        JOIN outbox o ON o.tenant = a.tenant AND o.id = a.outbox \
        WHERE a.tenant = $1 AND a.id = $2 AND o.number = $3";
    const ATTEMPT: &str = "UPDATE send_attempt SET outcome = 'settled', \
            ended_at = COALESCE(ended_at, $1) \
        WHERE tenant = $2 AND id = $3 AND outcome IN ('open', 'uncertain', 'not_sent')";
    let row = cx.tx.row(FIND, args![tenant, attempt, number]).await?;
    let Some(mut row) = row else { return Ok(None) };
    let (outbox, message): (OutboxId, MessageId) = (row.get()?, row.get()?);
    let attempts = cx.tx.exec(ATTEMPT, args![at, tenant, attempt]).await?;
    let accepted = accept(cx, tenant, outbox, at).await?;
    Ok(Some(Sent { message, settled: attempts > 0 || accepted }))
}

/// Takes the row out of whatever still waits to be sent or decided.
pub(super) async fn accept(
    cx: &mut Cx,
    tenant: &TenantId,
    outbox: OutboxId,
    at: UnixMs,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE outbox SET state = 'accepted', accepted_at = $1, \
            uncertain_until = NULL, code = NULL, detail = NULL \
        WHERE tenant = $2 AND id = $3 \
          AND state IN ('queued', 'sending', 'uncertain', 'asked', 'held')";
    Ok(cx.tx.exec(SQL, args![at, tenant, outbox]).await? > 0)
}
