//! Files on their way.

use model::UnixMs;
use model::ids::{MediaId, MessageId, PersonId, TenantId};

use super::{Applied, met, sync};
use crate::StoreError;
use crate::cx::{Cx, FeedDraft};
use crate::op::{
    ClaimMedia, ClaimedMedia, Did, MediaCopy, MediaLane, MediaMove, MediaRetry, MediaStep,
    NewMedia, SendHopeless, SendReady, WRITER, Want,
};
use crate::row::{MediaState, Object};
use crate::seal::Owner;
use crate::sql::args;

pub(crate) const ABOUT: &str = "media.about";
pub(crate) const DETAIL: &str = "media.detail";
const REASON: &str = "media.reason";

fn owner(tenant: &TenantId, person: Option<PersonId>) -> Owner {
    match person {
        Some(person) => Owner::Person(tenant.clone(), person),
        None => Owner::Tenant(tenant.clone()),
    }
}

pub(super) async fn insert(cx: &mut Cx, op: NewMedia) -> Applied {
    const SQL: &str = "INSERT INTO media (tenant, id, kind, state, person, message, outbox, number, \
            due_at, requested_at, downloaded_at, expires_at, bytes, about) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
        ON CONFLICT DO NOTHING";
    let about = cx.seal(&owner(&op.tenant, op.person), ABOUT, op.id.as_bytes(), &op.about).await?;
    let here = (op.state != MediaState::Requested).then_some(op.at);
    let args = args![
        &op.tenant,
        op.id,
        op.kind,
        op.state,
        op.person,
        op.message,
        op.outbox,
        op.number.as_ref(),
        op.due_at,
        op.at,
        here,
        op.expires_at,
        op.bytes.map(|n| n as i64),
        about,
    ];
    met(cx.tx.exec(SQL, args).await?, "media")
}

pub(super) async fn claim(cx: &mut Cx, op: ClaimMedia) -> Applied {
    macro_rules! due {
        ($state:literal) => {
            concat!(
                "SELECT tenant, id FROM media WHERE due_at IS NOT NULL AND state ",
                $state,
                " 'requested' AND due_at <= $1 AND lease_until <= $2 \
                 AND (kind <> 'in' OR NOT EXISTS (SELECT 1 FROM lease l \
                   WHERE l.name = CAST($3 AS TEXT) || media.tenant AND l.holder <> $4 \
                     AND l.until > $2)) \
                 ORDER BY due_at, id LIMIT $5"
            )
        };
    }
    const FETCH: &str = due!("=");
    const DELIVER: &str = due!("<>");
    const TAKE: &str = "UPDATE media SET epoch = epoch + 1, lease_until = $1 \
        WHERE tenant = $2 AND id = $3 AND lease_until <= $4 AND due_at IS NOT NULL \
        RETURNING epoch";
    let now = cx.tx.now().await?;
    let sql = match op.lane {
        MediaLane::Fetch => FETCH,
        MediaLane::Deliver => DELIVER,
    };
    let mut due: Vec<(TenantId, MediaId)> = vec![];
    for mut row in cx.tx.rows(sql, args![op.now, now, WRITER, op.holder, op.rows_max]).await? {
        due.push((row.get()?, row.get()?));
    }
    // locked in the order of their ids: two claimers never wait in a circle
    due.sort_unstable_by_key(|(_, id)| *id);
    let mut claimed = vec![];
    for (tenant, id) in due {
        let args = args![now + op.lease_ms, &tenant, id, now];
        if let Some(mut row) = cx.tx.row(TAKE, args).await? {
            claimed.push(ClaimedMedia { tenant, id, epoch: row.get()? });
        }
    }
    Ok(Did::Media(claimed))
}

pub(super) async fn step(cx: &mut Cx, op: MediaStep) -> Applied {
    const CALLED: &str = "UPDATE media SET called = 1 WHERE tenant = $1 AND id = $2 AND epoch = $3 \
        RETURNING person, message";
    const REACHED: &str = "UPDATE media SET state = $1, due_at = $2, lease_until = 0, attempts = 0, \
            code = NULL, detail = NULL, \
            downloaded_at = CASE WHEN $1 = 'downloaded' THEN $3 ELSE downloaded_at END, \
            uploaded_at = CASE WHEN $1 = 'uploaded' THEN $3 ELSE uploaded_at END, \
            linked_at = CASE WHEN $1 = 'linked' THEN $3 ELSE linked_at END, \
            bytes = COALESCE($4, bytes), version = COALESCE($5, version), \
            document = COALESCE($6, document) \
        WHERE tenant = $7 AND id = $8 AND epoch = $9 RETURNING person, message";
    const AGAIN: &str = "UPDATE media SET due_at = $1, lease_until = 0, attempts = attempts + $2, \
            code = $3, detail = $4 \
        WHERE tenant = $5 AND id = $6 AND epoch = $7 RETURNING person, message";
    const ASIDE: &str = "UPDATE media SET state = 'aside', due_at = NULL, lease_until = 0, \
            code = $1, detail = $2, aside_at = $3 \
        WHERE tenant = $4 AND id = $5 AND epoch = $6 RETURNING person, message";
    let MediaStep { tenant, id, epoch, at, step } = op;
    let mut tells = false;
    let (sql, args, about) = match step {
        MediaMove::Called => (CALLED, args![&tenant, id, epoch], None),
        MediaMove::Reached { state, due_at, about, bytes, version, document } => {
            tells = due_at.is_none();
            let bytes = bytes.map(|n| n as i64);
            let (version, document) = (version.as_ref(), document.as_ref());
            let args = args![state, due_at, at, bytes, version, document, &tenant, id, epoch];
            (REACHED, args, about)
        }
        MediaMove::Again { due_at, charge, code, detail } => {
            let detail = sealed(cx, &tenant, id, detail.as_deref()).await?;
            (AGAIN, args![due_at, charge, code, detail, &tenant, id, epoch], None)
        }
        MediaMove::Aside { code, detail } => {
            tells = true;
            let detail = sealed(cx, &tenant, id, Some(&detail)).await?;
            (ASIDE, args![code, detail, at, &tenant, id, epoch], None)
        }
    };
    let row = cx.tx.row(sql, args).await?;
    let mut row = row.ok_or(StoreError::Fenced)?;
    let (person, message): (Option<PersonId>, Option<MessageId>) = (row.get()?, row.get()?);
    if let Some(about) = about {
        const SQL: &str = "UPDATE media SET about = $1 WHERE tenant = $2 AND id = $3";
        let about = cx.seal(&owner(&tenant, person), ABOUT, id.as_bytes(), &about).await?;
        cx.tx.exec(SQL, args![about, &tenant, id]).await?;
    }
    match (person, message) {
        (Some(person), Some(message)) if tells => {
            want(cx, &tenant, message, person, at).await?;
        }
        _ => {}
    }
    Ok(Did::Done)
}

/// The message shows in Salesforce what became of its file.
async fn want(
    cx: &mut Cx,
    tenant: &TenantId,
    message: MessageId,
    root: PersonId,
    due_at: UnixMs,
) -> Result<(), StoreError> {
    let (object, id) = (Object::Message, *message.as_bytes());
    sync::want(cx, Want { tenant: tenant.clone(), object, id, root, due_at }, model::Urgency::Live)
        .await
        .map(drop)
}

async fn sealed(
    cx: &mut Cx,
    tenant: &TenantId,
    id: MediaId,
    detail: Option<&str>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(detail) = detail else {
        return Ok(None);
    };
    let owner = Owner::Tenant(tenant.clone());
    cx.seal(&owner, DETAIL, id.as_bytes(), detail.as_bytes()).await.map(Some)
}

pub(super) async fn retry(cx: &mut Cx, op: MediaRetry) -> Applied {
    const SEND: &str = "UPDATE outbox SET due_at = $1 \
        WHERE tenant = $2 AND state = 'queued' \
          AND id = (SELECT outbox FROM media WHERE tenant = $2 AND id = $3)";
    met(again(cx, &op.tenant, op.id, op.at).await?, "media")?;
    cx.tx.exec(SEND, args![op.send_at, &op.tenant, op.id]).await?;
    Ok(Did::Done)
}

/// How many rows came back: none that is not aside (any more).
pub(super) async fn again(
    cx: &mut Cx,
    tenant: &TenantId,
    id: MediaId,
    at: UnixMs,
) -> Result<u64, StoreError> {
    const SQL: &str = "UPDATE media SET \
            state = CASE WHEN version IS NULL THEN 'requested' ELSE 'uploaded' END, \
            due_at = $1, attempts = 0, aside_at = NULL, code = NULL, detail = NULL \
        WHERE tenant = $2 AND id = $3 AND state = 'aside' AND reason IS NULL \
        RETURNING person, message";
    let Some(mut row) = cx.tx.row(SQL, args![at, tenant, id]).await? else { return Ok(0) };
    if let (Some(person), Some(message)) = (row.get()?, row.get()?) {
        want(cx, tenant, message, person, at).await?;
    }
    Ok(1)
}

/// How many rows are given up; each stays, with the reason. The file of a send
/// ends with its send.
pub(super) async fn give_up(
    cx: &mut Cx,
    tenant: &TenantId,
    id: MediaId,
    reason: &str,
) -> Result<u64, StoreError> {
    const SQL: &str = "UPDATE media SET reason = $1 \
        WHERE tenant = $2 AND id = $3 AND state = 'aside' AND kind = 'in' AND reason IS NULL";
    let owner = Owner::Tenant(tenant.clone());
    let reason = cx.seal(&owner, REASON, id.as_bytes(), reason.as_bytes()).await?;
    cx.tx.exec(SQL, args![reason, tenant, id]).await
}

pub(super) async fn copy(cx: &mut Cx, op: MediaCopy) -> Applied {
    const SQL: &str = "INSERT INTO media_copy (tenant, number, hash, meta_id, expires_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, number, hash) \
        DO UPDATE SET meta_id = excluded.meta_id, expires_at = excluded.expires_at";
    let args = args![&op.tenant, &op.number, op.hash, op.meta_id, op.expires_at];
    cx.tx.exec(SQL, args).await?;
    Ok(Did::Done)
}

pub(super) async fn purge(cx: &mut Cx, now: UnixMs) -> Applied {
    const COPIES: &str = "DELETE FROM media_copy WHERE expires_at <= $1";
    const KEPT: &str = "DELETE FROM media WHERE kind = 'kept' AND expires_at <= $1";
    let copies = cx.tx.exec(COPIES, args![now]).await?;
    Ok(Did::Count(copies + cx.tx.exec(KEPT, args![now]).await?))
}

pub(super) async fn ready(cx: &mut Cx, op: SendReady) -> Applied {
    const SQL: &str = "UPDATE outbox SET due_at = $1 \
        WHERE tenant = $2 AND id = $3 AND state = 'queued'";
    cx.tx.exec(SQL, args![op.at, &op.tenant, op.outbox]).await?;
    Ok(Did::Done)
}

pub(super) async fn hopeless(cx: &mut Cx, op: SendHopeless) -> Applied {
    const SQL: &str = "UPDATE outbox SET state = 'failed', failed_at = $1, code = $2, detail = $3 \
        WHERE tenant = $4 AND id = $5 AND state = 'queued' RETURNING person, message";
    let owner = Owner::Tenant(op.tenant.clone());
    let place = op.outbox.as_bytes();
    let detail = cx.seal(&owner, super::finish::DETAIL, place, op.detail.as_bytes()).await?;
    let args = args![op.at, op.code, detail, &op.tenant, op.outbox];
    let Some(mut row) = cx.tx.row(SQL, args).await? else {
        return Ok(Did::Done);
    };
    let (person, message) = (row.get()?, row.get()?);
    cx.feed.push(FeedDraft {
        tenant: op.tenant.clone(),
        at: op.at,
        kind: "send.failed",
        message,
        outbox: Some(op.outbox),
        status: Some(model::Status::Failed),
    });
    want(cx, &op.tenant, message, person, op.at).await?;
    Ok(Did::Done)
}
