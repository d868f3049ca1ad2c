//! Letters: brought back, discarded, changed.

use bytes::Bytes;
use model::UnixMs;
use model::ids::{PersonId, TenantId};

use super::decide::{Deciding, Of, again, ended, give_up};
use super::{Applied, item, journal, media, outbox, record, sync};
use crate::StoreError;
use crate::cx::Cx;
use crate::letter::LetterId;
use crate::op::{
    DayKey, Decided, Edit, IntakeAgain, LetterDiscard, LetterEdit, LetterReplay, NewWebhook,
};
use crate::row::{Object, RecordKind};
use crate::seal::Owner;
use crate::sql::args;

pub(super) async fn replay(cx: &mut Cx, op: LetterReplay) -> Applied {
    let LetterReplay { tenant, id, at, intake, effects } = op;
    let decided = match id {
        LetterId::Send(outbox) => {
            again(cx, &Deciding { tenant: &tenant, outbox, at, of: Of::Failed }).await?
        }
        LetterId::Write(object, id) => write_again(cx, &tenant, object, &id, at).await?,
        LetterId::Record(kind, slot) => record_again(cx, &tenant, kind, &slot, at).await?,
        LetterId::File(id) => done(media::again(cx, &tenant, id, at).await?)?,
        LetterId::Webhook(_) | LetterId::Item(_) => taken_in(cx, &tenant, id, at, intake).await?,
    };
    ended(cx, decided, effects).await
}

async fn write_again(
    cx: &mut Cx,
    tenant: &TenantId,
    object: Object,
    id: &[u8; 16],
    at: UnixMs,
) -> Result<Decided, StoreError> {
    const SQL: &str = "UPDATE sync_write SET aside = 0, attempts = 0, due_at = $1 \
        WHERE tenant = $2 AND object = $3 AND id = $4 AND aside = 1 AND reason IS NULL";
    done(cx.tx.exec(SQL, args![at, tenant, object, id]).await?)
}

/// Looked up before anything is created: an earlier call may have done it.
async fn record_again(
    cx: &mut Cx,
    tenant: &TenantId,
    kind: RecordKind,
    slot: &[u8; 16],
    at: UnixMs,
) -> Result<Decided, StoreError> {
    const SQL: &str = "UPDATE record_link SET state = 'wanted', attempts = 0, due_at = $1, at = $1 \
        WHERE tenant = $2 AND slot = $3 AND kind = $4 AND state = 'aside' AND reason IS NULL";
    done(cx.tx.exec(SQL, args![at, tenant, slot, kind]).await?)
}

/// The letter's row ends and the body comes by once more, like any other.
async fn taken_in(
    cx: &mut Cx,
    tenant: &TenantId,
    id: LetterId,
    at: UnixMs,
    intake: Option<IntakeAgain>,
) -> Result<Decided, StoreError> {
    const FORGET: &str = "DELETE FROM seen_key WHERE day = $1 AND hash = $2";
    let Some(IntakeAgain { app, body, forget }) = intake else {
        return Err(StoreError::Conflict("a letter of intake needs its body"));
    };
    if end(cx, tenant, id, at, None).await? == 0 {
        return Ok(Decided::Gone);
    }
    if let Some(DayKey { day, hash }) = forget {
        cx.tx.exec(FORGET, args![day, hash]).await?;
    }
    journal::append_one(cx, NewWebhook { app, received_at: at, body }).await?;
    Ok(Decided::Done)
}

/// The row of a body or an item leaves the list.
async fn end(
    cx: &mut Cx,
    tenant: &TenantId,
    id: LetterId,
    at: UnixMs,
    reason: Option<&str>,
) -> Result<u64, StoreError> {
    const JOURNAL: &str = "UPDATE journal SET state = 'done', ended_at = $1, reason = $2 \
                           WHERE seq = $3 AND state = 'aside'";
    const ITEM: &str = "UPDATE item SET state = 'done', reason = $1 \
        WHERE id = $2 AND state IN ('aside', 'unclaimed') AND (tenant IS NULL OR tenant = $3)";
    match id {
        LetterId::Webhook(seq) => {
            let reason = match reason {
                Some(text) => Some(journal::sealed_reason(cx, seq, text).await?),
                None => None,
            };
            cx.tx.exec(JOURNAL, args![at, reason, seq]).await
        }
        LetterId::Item(row) => {
            let reason = match reason {
                Some(text) => item::seal_by_id(cx, row, item::REASON, text.as_bytes()).await?,
                None => None,
            };
            cx.tx.exec(ITEM, args![reason, row, tenant]).await
        }
        _ => Ok(0),
    }
}

pub(super) async fn discard(cx: &mut Cx, op: LetterDiscard) -> Applied {
    const WRITE: &str = "UPDATE sync_write SET reason = $1 \
        WHERE tenant = $2 AND object = $3 AND id = $4 AND aside = 1 AND reason IS NULL";
    const RECORD: &str = "UPDATE record_link SET reason = $1 WHERE tenant = $2 AND person = $3 \
        AND kind = $4 AND slot = $5 AND state = 'aside' AND reason IS NULL";
    let LetterDiscard { tenant, id, at, reason, effects } = op;
    let owner = Owner::Tenant(tenant.clone());
    let decided = match id {
        LetterId::Send(outbox) => {
            let deciding = Deciding { tenant: &tenant, outbox, at, of: Of::Failed };
            give_up(cx, &deciding, &reason).await?
        }
        LetterId::Write(object, id) => {
            let reason = cx.seal(&owner, sync::REASON, &id, reason.as_bytes()).await?;
            done(cx.tx.exec(WRITE, args![reason, &tenant, object, id]).await?)?
        }
        LetterId::Record(kind, slot) => match person_of(cx, &tenant, kind, &slot).await? {
            Some(person) => {
                let place = record::place(person, kind, &slot);
                let reason = cx.seal(&owner, record::REASON, &place, reason.as_bytes()).await?;
                done(cx.tx.exec(RECORD, args![reason, &tenant, person, kind, slot]).await?)?
            }
            None => Decided::Gone,
        },
        LetterId::File(id) => done(media::give_up(cx, &tenant, id, &reason).await?)?,
        LetterId::Webhook(_) | LetterId::Item(_) => {
            done(end(cx, &tenant, id, at, Some(&reason)).await?)?
        }
    };
    ended(cx, decided, effects).await
}

async fn person_of(
    cx: &mut Cx,
    tenant: &TenantId,
    kind: RecordKind,
    slot: &[u8; 16],
) -> Result<Option<PersonId>, StoreError> {
    const SQL: &str =
        "SELECT person FROM record_link WHERE tenant = $1 AND slot = $2 AND kind = $3";
    cx.tx.row(SQL, args![tenant, slot, kind]).await?.map(|mut row| row.get()).transpose()
}

pub(super) async fn edit(cx: &mut Cx, op: LetterEdit) -> Applied {
    let LetterEdit { tenant, id, edit, effects } = op;
    let decided = match (id, edit) {
        (LetterId::Webhook(seq), Edit::Body(body)) => edit_webhook(cx, seq, &body).await?,
        (LetterId::Item(row), Edit::Body(body)) => edit_item(cx, &tenant, row, &body).await?,
        (LetterId::Send(outbox), edit @ Edit::Send { .. }) => {
            outbox::edit(cx, &tenant, outbox, edit).await?
        }
        _ => return Err(StoreError::Conflict("this letter has no such part")),
    };
    ended(cx, decided, effects).await
}

async fn edit_webhook(cx: &mut Cx, seq: i64, body: &Bytes) -> Result<Decided, StoreError> {
    const SQL: &str = "UPDATE journal_body SET body = $1 WHERE seq = $2 AND EXISTS \
                       (SELECT 1 FROM journal WHERE seq = $2 AND state = 'aside')";
    let body = journal::sealed(cx, seq, body).await?;
    done(cx.tx.exec(SQL, args![body, seq]).await?)
}

async fn edit_item(
    cx: &mut Cx,
    tenant: &TenantId,
    row: i64,
    body: &Bytes,
) -> Result<Decided, StoreError> {
    const SQL: &str = "UPDATE item SET envelope = $1 WHERE id = $2 \
        AND state IN ('aside', 'unclaimed') AND (tenant IS NULL OR tenant = $3)";
    match item::seal_by_id(cx, row, item::ENVELOPE, body).await? {
        Some(sealed) => done(cx.tx.exec(SQL, args![sealed, row, tenant]).await?),
        None => Ok(Decided::Gone),
    }
}

fn done(rows: u64) -> Result<Decided, StoreError> {
    Ok(if rows > 0 { Decided::Done } else { Decided::Gone })
}
