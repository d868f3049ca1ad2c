//! Items: each message, status and event of a webhook, once.

use model::ids::TenantId;

use super::{Applied, all};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{Did, ItemState, NewItem};
use crate::seal::Owner;
use crate::sql::args;

pub(crate) const DETAIL: &str = "item.detail";
pub(crate) const RAW: &str = "item.raw";
pub(crate) const ENVELOPE: &str = "item.envelope";
pub(super) const REASON: &str = "item.reason";

pub(super) async fn insert(cx: &mut Cx, op: NewItem) -> Applied {
    const KEY: &str = "INSERT INTO seen_key (day, hash) VALUES ($1, $2) \
                       ON CONFLICT (day, hash) DO NOTHING";
    const ROW: &str = "INSERT INTO item (tenant, app, journal, ordinal, kind, number, state, \
            code, detail, received_at, at, person, message, raw, envelope, key_day, key_hash) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
            COALESCE((SELECT received_at FROM journal WHERE seq = $3), $10), $10, $11, $12, $13, \
            $14, $15, $16)";
    if cx.tx.exec(KEY, args![op.key.day, op.key.hash]).await? == 0 {
        return Ok(Did::New(false));
    }
    let owner = op.tenant.clone().map_or(Owner::Installation, Owner::Tenant);
    let place = place(op.journal, op.ordinal);
    let (state, code, detail) = match op.state {
        ItemState::Done => ("done", None, None),
        ItemState::Unclaimed => ("unclaimed", None, None),
        ItemState::Aside { code, detail } => {
            let detail = cx.seal(&owner, DETAIL, &place, detail.as_bytes()).await?;
            ("aside", Some(code), Some(detail))
        }
    };
    let raw = match &op.raw {
        Some(raw) => Some(cx.seal(&owner, RAW, &place, raw).await?),
        None => None,
    };
    let envelope = match &op.envelope {
        Some(body) => Some(cx.seal(&owner, ENVELOPE, &place, body).await?),
        None => None,
    };
    let key = (state != "done").then_some(op.key);
    let args = args![
        op.tenant.as_ref(),
        &op.app,
        op.journal,
        op.ordinal,
        op.kind,
        op.number.as_ref(),
        state,
        code,
        detail,
        op.at,
        op.person,
        op.message,
        raw,
        envelope,
        key.map(|key| key.day),
        key.map(|key| key.hash),
    ];
    cx.tx.exec(ROW, args).await?;
    all(cx, op.effects).await?;
    Ok(Did::New(true))
}

/// The row's number is not known before it is written; this is.
pub(crate) fn place(journal: i64, ordinal: u32) -> Vec<u8> {
    [&journal.to_be_bytes()[..], &ordinal.to_be_bytes()].concat()
}

/// A value of a row that is there, sealed as its other values are.
pub(super) async fn seal_by_id(
    cx: &mut Cx,
    id: i64,
    column: &'static str,
    value: &[u8],
) -> Result<Option<Vec<u8>>, StoreError> {
    const SQL: &str = "SELECT tenant, journal, ordinal FROM item WHERE id = $1";
    let Some(mut row) = cx.tx.row(SQL, args![id]).await? else {
        return Ok(None);
    };
    let owner = row.get::<Option<TenantId>>()?.map_or(Owner::Installation, Owner::Tenant);
    let place = place(row.get()?, row.get()?);
    cx.seal(&owner, column, &place, value).await.map(Some)
}
