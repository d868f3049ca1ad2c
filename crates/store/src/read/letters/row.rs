//! A letter from a row of each table.

use model::ids::{AppId, MediaId, MessageId, PersonId, TenantId};

use crate::StoreError;
use crate::apply::item::{DETAIL as ITEM_DETAIL, place as item_place};
use crate::apply::media::DETAIL as FILE_DETAIL;
use crate::apply::record::{DETAIL as RECORD_DETAIL, place as record_place};
use crate::apply::sync::DETAIL as WRITE_DETAIL;
use crate::cx::Cx;
use crate::letter::{Letter, LetterId};
use crate::read::outbox::detail as send_detail;
use crate::row::{Object, RecordKind};
use crate::sql::Cols;

macro_rules! webhooks {
    ($rest:literal) => {
        concat!("SELECT seq, app, ended_at, COALESCE(code, ''), attempts FROM journal ", $rest)
    };
}

macro_rules! items {
    ($rest:literal) => {
        concat!(
            "SELECT id, tenant, journal, ordinal, at, COALESCE(code, 'unclaimed'), detail, app, \
             number FROM item ",
            $rest
        )
    };
}

/// What Meta has by any report is no dead letter, whatever our own row says.
macro_rules! sends {
    ($rest:literal) => {
        concat!(
            "SELECT id, failed_at, COALESCE(code, ''), detail, number, attempts, \
             person, message FROM outbox \
             WHERE tenant = $1 AND state = 'failed' \
               AND NOT EXISTS (SELECT 1 FROM message m WHERE m.tenant = outbox.tenant \
                 AND m.id = outbox.message AND m.state_key IS NOT NULL) ",
            $rest
        )
    };
}

macro_rules! writes {
    ($rest:literal) => {
        concat!(
            "SELECT object, id, COALESCE(aside_at, due_at), COALESCE(code, ''), detail, attempts, \
             record, root FROM sync_write WHERE tenant = $1 AND aside = 1 AND reason IS NULL ",
            $rest
        )
    };
}

macro_rules! records {
    ($rest:literal) => {
        concat!(
            "SELECT person, kind, slot, at, COALESCE(code, ''), detail, attempts, record \
             FROM record_link WHERE tenant = $1 AND state = 'aside' AND reason IS NULL ",
            $rest
        )
    };
}

/// The file of a send is no letter of its own: its send is.
macro_rules! files {
    ($rest:literal) => {
        concat!(
            "SELECT id, COALESCE(aside_at, requested_at), COALESCE(code, ''), detail, number, \
             attempts, COALESCE(document, version), person, message FROM media \
             WHERE tenant = $1 AND state = 'aside' AND kind = 'in' AND reason IS NULL ",
            $rest
        )
    };
}
pub(super) use {files, items, records, sends, webhooks, writes};

/// A letter of intake, and whose it is.
pub(super) struct Found {
    pub letter: Letter,
    pub app: AppId,
    pub tenant: Option<TenantId>,
}

pub(super) fn webhook(mut row: Cols) -> Result<Found, StoreError> {
    let (seq, app) = (row.get()?, row.get()?);
    let letter = Letter {
        id: LetterId::Webhook(seq),
        at: row.get()?,
        code: row.get()?,
        detail: None,
        number: None,
        attempts: row.get()?,
        record: None,
        person: None,
        message: None,
    };
    Ok(Found { letter, app, tenant: None })
}

pub(super) async fn item(cx: &mut Cx, mut row: Cols) -> Result<Found, StoreError> {
    let (id, tenant): (i64, Option<TenantId>) = (row.get()?, row.get()?);
    let place = item_place(row.get()?, row.get()?);
    let (at, code, detail) = (row.get()?, row.get()?, row.get()?);
    let app = row.get()?;
    let owner = tenant.clone().unwrap_or_else(|| TenantId::new(""));
    let letter = Letter {
        id: LetterId::Item(id),
        at,
        code,
        detail: cx.open_text(&owner, ITEM_DETAIL, &place, detail).await?,
        number: row.get()?,
        attempts: 1,
        record: None,
        person: None,
        message: None,
    };
    Ok(Found { letter, app, tenant })
}

pub(super) async fn send(
    cx: &mut Cx,
    tenant: &TenantId,
    mut row: Cols,
) -> Result<Letter, StoreError> {
    let id = row.get()?;
    Ok(Letter {
        id: LetterId::Send(id),
        at: row.get()?,
        code: row.get()?,
        detail: send_detail(cx, tenant, id, row.get()?).await?,
        number: row.get()?,
        attempts: row.get()?,
        record: None,
        person: row.get()?,
        message: row.get()?,
    })
}

pub(super) async fn write(
    cx: &mut Cx,
    tenant: &TenantId,
    mut row: Cols,
) -> Result<Letter, StoreError> {
    let (object, id): (Object, [u8; 16]) = (row.get()?, row.get()?);
    Ok(Letter {
        id: LetterId::Write(object, id),
        at: row.get()?,
        code: row.get()?,
        detail: cx.open_text(tenant, WRITE_DETAIL, &id, row.get()?).await?,
        number: None,
        attempts: row.get()?,
        record: row.get()?,
        person: row.get()?,
        message: (object == Object::Message).then(|| MessageId::from_bytes(id)),
    })
}

pub(super) async fn record(
    cx: &mut Cx,
    tenant: &TenantId,
    mut row: Cols,
) -> Result<Letter, StoreError> {
    let (person, kind, slot): (PersonId, RecordKind, [u8; 16]) =
        (row.get()?, row.get()?, row.get()?);
    let place = record_place(person, kind, &slot);
    Ok(Letter {
        id: LetterId::Record(kind, slot),
        at: row.get()?,
        code: row.get()?,
        detail: cx.open_text(tenant, RECORD_DETAIL, &place, row.get()?).await?,
        number: None,
        attempts: row.get()?,
        record: row.get()?,
        person: Some(person),
        message: None,
    })
}

pub(super) async fn file(
    cx: &mut Cx,
    tenant: &TenantId,
    mut row: Cols,
) -> Result<Letter, StoreError> {
    let id: MediaId = row.get()?;
    Ok(Letter {
        id: LetterId::File(id),
        at: row.get()?,
        code: row.get()?,
        detail: cx.open_text(tenant, FILE_DETAIL, id.as_bytes(), row.get()?).await?,
        number: row.get()?,
        attempts: row.get()?,
        record: row.get()?,
        person: row.get()?,
        message: row.get()?,
    })
}
