//! Messages, either way.

use model::ids::{MessageId, OutboxId, PersonId, PhoneNumberId, TenantId};

use super::{Applied, status};
use crate::StoreError;
use crate::cx::{Cx, FeedDraft};
use crate::op::{Did, NewMessage};
use crate::row::Direction;
use crate::seal::Owner;
use crate::sql::{Cols, args};

pub(crate) const BODY: &str = "message.body";

pub(super) async fn insert(cx: &mut Cx, op: NewMessage) -> Applied {
    const SQL: &str = "INSERT INTO message (tenant, id, conversation, person, lane, number, \
            direction, kind, record_key, state_key, outbox, journal, sent_at, received_at, late, body) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let owner = Owner::Person(op.tenant.clone(), op.person);
    let body = cx.seal(&owner, BODY, op.id.as_bytes(), &op.body).await?;
    let args = args![
        &op.tenant,
        op.id,
        op.conversation,
        op.person,
        op.lane,
        &op.number,
        op.direction,
        op.kind,
        op.record_key,
        op.state_key,
        op.outbox,
        op.journal,
        op.sent_at,
        op.received_at,
        op.late,
        body,
    ];
    cx.tx.exec(SQL, args).await?;
    // An echo may be stored while its first status is: one waits for the other.
    if let (Direction::Echo, Some(key)) = (op.direction, &op.state_key) {
        status::make(cx, &op.tenant, &op.number, key).await?;
    }
    if op.direction == Direction::In {
        cx.feed.push(FeedDraft {
            tenant: op.tenant,
            at: op.received_at,
            kind: "message.in",
            message: op.id,
            outbox: None,
            status: None,
        });
    }
    Ok(Did::Done)
}

/// What a status or a finished send must know of the message it is about.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub id: MessageId,
    pub person: PersonId,
    pub outbox: Option<OutboxId>,
}

fn target(mut row: Cols) -> Result<Target, StoreError> {
    Ok(Target { id: row.get()?, person: row.get()?, outbox: row.get()? })
}

/// Among rows that share a key, the one we sent.
pub(super) async fn by_state_key(
    cx: &mut Cx,
    tenant: &TenantId,
    number: &PhoneNumberId,
    key: &[u8; 16],
) -> Result<Option<Target>, StoreError> {
    const SQL: &str = "SELECT id, person, outbox FROM message \
        WHERE tenant = $1 AND number = $2 AND state_key = $3 \
        ORDER BY CASE WHEN outbox IS NULL THEN 1 ELSE 0 END, seq LIMIT 1";
    cx.tx.row(SQL, args![tenant, number, key]).await?.map(target).transpose()
}

pub(super) async fn by_id(
    cx: &mut Cx,
    tenant: &TenantId,
    id: MessageId,
) -> Result<Option<Target>, StoreError> {
    const SQL: &str = "SELECT id, person, outbox FROM message WHERE tenant = $1 AND id = $2";
    cx.tx.row(SQL, args![tenant, id]).await?.map(target).transpose()
}

/// Ties the message to its wamid, unless it is tied already. Answers the key
/// it has now.
pub(super) async fn tie(
    cx: &mut Cx,
    tenant: &TenantId,
    id: MessageId,
    key: &[u8; 16],
) -> Result<Option<[u8; 16]>, StoreError> {
    const SQL: &str = "UPDATE message SET state_key = COALESCE(state_key, $1) \
                       WHERE tenant = $2 AND id = $3 RETURNING state_key";
    cx.tx.row(SQL, args![key, tenant, id]).await?.map(|mut row| row.get()).transpose()
}
