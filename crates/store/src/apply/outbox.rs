//! Wishes to send.

use model::ids::{MessageId, OutboxId, PersonId, TenantId};
use model::{UnixMs, Urgency};

use super::{Applied, all, message, record, sync};
use crate::StoreError;
use crate::cx::{Cx, FeedDraft};
use crate::op::{Decided, Did, Edit, NewOutbox, Op, Want};
use crate::row::{Class, Object};
use crate::seal::Owner;
use crate::sql::args;

pub(crate) const BODY: &str = "outbox.body";
pub(crate) const REFERENCE: &str = "outbox.reference";

pub(super) async fn accept(cx: &mut Cx, mut op: NewOutbox) -> Applied {
    const SQL: &str = "INSERT INTO outbox (tenant, id, lane, number, person, message, class, state, \
            request_key, request_digest, free_form, reference_hash, reference, due_at, \
             created_at, body, template, language, purpose, agent) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9, $10, $11, $12, $13, $14, $15, $16, \
            $17, $18, $19) \
        ON CONFLICT (tenant, request_key) DO NOTHING";
    if let Some(known) = known(cx, &op).await? {
        return Ok(known);
    }
    // The person may be made by the effects, and with them the key that seals.
    effects(cx, std::mem::take(&mut op.effects), op.class).await?;
    let owner = Owner::Person(op.tenant.clone(), op.person);
    let body = cx.seal(&owner, BODY, op.id.as_bytes(), &op.body).await?;
    let (hash, reference) = match &op.reference {
        Some(text) => (
            Some(reference_hash(cx, op.tenant.as_str(), text)),
            Some(cx.seal(&owner, REFERENCE, op.id.as_bytes(), text.as_bytes()).await?),
        ),
        None => (None, None),
    };
    let args = args![
        &op.tenant,
        op.id,
        op.lane,
        &op.number,
        op.person,
        op.message,
        op.class,
        op.request_key,
        op.request_digest,
        op.free_form,
        hash,
        reference,
        op.due_at,
        op.created_at,
        body,
        op.template.as_ref().map(|used| used.name.as_str()),
        op.template.as_ref().map(|used| used.language.as_str()),
        op.purpose.as_str(),
        op.agent,
    ];
    if cx.tx.exec(SQL, args).await? == 0 {
        // Another node accepted the same key since we looked: the effects are
        // taken back, and the caller finds that answer when it asks again.
        return Err(StoreError::Conflict("outbox"));
    }
    cx.feed.push(FeedDraft {
        tenant: op.tenant,
        at: op.created_at,
        kind: "send.accepted",
        message: op.message,
        outbox: Some(op.id),
        status: Some(model::Status::Queued),
    });
    Ok(Did::Accepted)
}

/// What a send wants to be shown is as urgent as the send.
async fn effects(cx: &mut Cx, effects: Vec<Op>, class: Class) -> Result<(), StoreError> {
    let urgency = match class {
        Class::Live => Urgency::Live,
        Class::Automatic | Class::Campaign => Urgency::Automatic,
    };
    for op in effects {
        match op {
            Op::Want(want) => drop(sync::want(cx, want, urgency).await?),
            Op::WantRecord(want) => drop(record::want(cx, want, urgency).await?),
            other => drop(all(cx, vec![other]).await?),
        }
    }
    Ok(())
}

async fn known(cx: &mut Cx, op: &NewOutbox) -> Result<Option<Did>, StoreError> {
    const SQL: &str =
        "SELECT id, request_digest FROM outbox WHERE tenant = $1 AND request_key = $2";
    let row = cx.tx.row(SQL, args![&op.tenant, op.request_key]).await?;
    let Some(mut row) = row else { return Ok(None) };
    let (outbox, digest): (OutboxId, [u8; 32]) = (row.get()?, row.get()?);
    Ok(Some(Did::Known { outbox, same_body: digest == op.request_digest }))
}

/// A caller's reference may be personal: it is found by a keyed hash.
pub(crate) fn reference_hash(cx: &Cx, tenant: &str, reference: &str) -> [u8; 32] {
    cx.keys.hmac(tenant, &[b"outbox.reference\0", reference.as_bytes()].concat())
}

pub(super) async fn ask(cx: &mut Cx, at: UnixMs) -> Applied {
    const SQL: &str = "UPDATE outbox SET state = 'asked' \
                       WHERE state = 'uncertain' AND uncertain_until <= $1";
    Ok(Did::Count(cx.tx.exec(SQL, args![at]).await?))
}

/// Other words for a send that was refused: for the next call, and for people.
pub(super) async fn edit(
    cx: &mut Cx,
    tenant: &TenantId,
    outbox: OutboxId,
    edit: Edit,
) -> Result<Decided, StoreError> {
    const FIND: &str = "SELECT person, message FROM outbox \
                        WHERE tenant = $1 AND id = $2 AND state = 'failed'";
    const SEND: &str = "UPDATE outbox SET body = $1, free_form = $2, template = $3, language = $4 \
                        WHERE tenant = $5 AND id = $6 AND state = 'failed'";
    const MESSAGE: &str = "UPDATE message SET kind = $1, body = $2 WHERE tenant = $3 AND id = $4";
    let Edit::Send { body, free_form, template, kind, shown, sync_due_at } = edit else {
        return Err(StoreError::Conflict("a send has no such part"));
    };
    let Some(mut row) = cx.tx.row(FIND, args![tenant, outbox]).await? else {
        return Ok(Decided::Gone);
    };
    let (person, message): (PersonId, MessageId) = (row.get()?, row.get()?);
    let owner = Owner::Person(tenant.clone(), person);
    let body = cx.seal(&owner, BODY, outbox.as_bytes(), &body).await?;
    let (name, language) = template.map(|used| (used.name, used.language)).unzip();
    if cx.tx.exec(SEND, args![body, free_form, name, language, tenant, outbox]).await? == 0 {
        return Ok(Decided::Gone);
    }
    let shown = cx.seal(&owner, message::BODY, message.as_bytes(), &shown).await?;
    cx.tx.exec(MESSAGE, args![kind, shown, tenant, message]).await?;
    let (object, id) = (Object::Message, *message.as_bytes());
    let want = Want { tenant: tenant.clone(), object, id, root: person, due_at: sync_due_at };
    sync::want(cx, want, Urgency::Live).await?;
    Ok(Decided::Done)
}
