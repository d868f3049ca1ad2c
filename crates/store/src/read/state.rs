//! Where a message stands: its outbox row and what Meta told, the higher of both.

use model::ids::{OutboxId, PhoneNumberId, TenantId};
use model::{Status, UnixMs};

use crate::StoreError;
use crate::apply::status::{DETAIL, WAMID, place, pricing};
use crate::cx::Cx;
use crate::row::{MessageState, OutboxState};
use crate::sql::Cols;

/// Columns of `message_state AS s`, in the order [`told`] takes them.
macro_rules! state_columns {
    () => {
        "s.rank, s.accepted_at, s.sent_at, s.delivered_at, s.read_at, s.played_at, s.failed_at, \
         s.code, s.detail, s.pricing_category, s.pricing_kind, s.pricing_model, \
         s.pricing_billable, s.pricing_calling_code, s.wamid"
    };
}
pub(super) use state_columns;

/// What Meta told of a wamid; `None` when nothing yet.
pub(super) async fn told(
    cx: &mut Cx,
    tenant: &TenantId,
    number: &PhoneNumberId,
    key: Option<[u8; 16]>,
    row: &mut Cols,
) -> Result<Option<MessageState>, StoreError> {
    let (Some(status), Some(key)) = (row.get::<Option<Status>>()?, key) else {
        return Ok(None);
    };
    let place = place(number, &key);
    let mut state = MessageState {
        status,
        accepted_at: row.get()?,
        sent_at: row.get()?,
        delivered_at: row.get()?,
        read_at: row.get()?,
        played_at: row.get()?,
        failed_at: row.get()?,
        code: row.get()?,
        detail: cx.open_text(tenant, DETAIL, &place, row.get()?).await?,
        wamid: None,
        pricing: None,
    };
    state.pricing = pricing(row)?;
    state.wamid = cx.open_text(tenant, WAMID, &place, row.get()?).await?;
    Ok(Some(state))
}

/// The columns of an outbox row that say where its message stands.
pub(super) struct Sending {
    pub state: OutboxState,
    pub accepted_at: Option<UnixMs>,
    pub failed_at: Option<UnixMs>,
    pub code: Option<String>,
    pub detail: Option<String>,
}

pub(super) async fn sending(
    cx: &mut Cx,
    tenant: &TenantId,
    outbox: Option<OutboxId>,
    row: &mut Cols,
) -> Result<Option<Sending>, StoreError> {
    let state: Option<OutboxState> = row.get()?;
    let (accepted_at, failed_at, code, detail) = (row.get()?, row.get()?, row.get()?, row.get()?);
    let (Some(state), Some(outbox)) = (state, outbox) else {
        return Ok(None);
    };
    let detail = super::outbox::detail(cx, tenant, outbox, detail).await?;
    Ok(Some(Sending { state, accepted_at, failed_at, code, detail }))
}

pub(super) fn joined(sending: Option<Sending>, told: Option<MessageState>) -> MessageState {
    let mut state = told.unwrap_or(MessageState {
        status: Status::Queued,
        wamid: None,
        accepted_at: None,
        sent_at: None,
        delivered_at: None,
        read_at: None,
        played_at: None,
        failed_at: None,
        code: None,
        detail: None,
        pricing: None,
    });
    let Some(sending) = sending else { return state };
    state.status = state.status.max(match sending.state {
        OutboxState::Queued | OutboxState::Sending | OutboxState::Held => Status::Queued,
        OutboxState::Uncertain | OutboxState::Asked => Status::Uncertain,
        OutboxState::Accepted => Status::Accepted,
        OutboxState::Failed | OutboxState::Dropped => Status::Failed,
    });
    state.accepted_at = state.accepted_at.or(sending.accepted_at);
    state.failed_at = state.failed_at.or(sending.failed_at);
    if state.code.is_none() {
        (state.code, state.detail) = (sending.code, sending.detail);
    }
    state
}
