//! The rendezvous of statuses and finished sends.

use model::UnixMs;
use model::ids::{PersonId, PhoneNumberId, TenantId};
use model::planted::{Planted, planted};

use super::message::{self, Target};
use super::standing::{Reason, Report, Standing};
use super::{Applied, cost, double, settle, sync};
use crate::StoreError;
use crate::cx::{Cx, FeedDraft};
use crate::op::{Did, Pricing, StatusSeen, Want};
use crate::row::Object;
use crate::seal::Owner;
use crate::sql::{Cols, args};

pub(crate) const WAMID: &str = "message_state.wamid";
pub(crate) const DETAIL: &str = "message_state.detail";

pub(super) async fn merge(cx: &mut Cx, op: StatusSeen) -> Applied {
    let StatusSeen { tenant, number, state_key, at, sync_due_at, .. } = &op;
    let mut target = message::by_state_key(cx, tenant, number, state_key).await?;
    if target.is_none() && planted(Planted::EarlyStatusDropped) {
        return Ok(Did::Raised(false));
    }
    let mut settled = false;
    if let Some(attempt) = op.attempt
        && let Some(sent) = settle::by_status(cx, tenant, number, attempt, *at).await?
    {
        settled = sent.settled;
        if target.is_none() {
            target = join(cx, &op, &sent).await?;
        }
    }
    let key = Key { tenant: tenant.clone(), number: number.clone(), state: *state_key };
    let report = Report {
        status: op.status,
        at: *at,
        code: op.code.clone(),
        detail: op.detail.clone(),
        pricing: op.pricing.clone(),
    };
    let person = target.as_ref().map(|target| target.person);
    let (raised, standing) = see(cx, &key, report, &op.wamid, person).await?;
    // The row is locked now. An answer that came between the look and the lock
    // has tied its message, and is visible only to a second look.
    if target.is_none() && raised {
        target = message::by_state_key(cx, tenant, number, state_key).await?;
    }
    if let Some(target) = target.filter(|_| raised || settled) {
        tell(cx, tenant, &target, &standing, *at, *sync_due_at).await?;
    }
    Ok(Did::Raised(raised))
}

/// The message of the attempt, tied to this wamid; none when it has another
/// one already, which means that two went out.
async fn join(
    cx: &mut Cx,
    op: &StatusSeen,
    sent: &settle::Sent,
) -> Result<Option<Target>, StoreError> {
    match message::tie(cx, &op.tenant, sent.message, &op.state_key).await? {
        Some(key) if key == op.state_key => message::by_id(cx, &op.tenant, sent.message).await,
        Some(_) => {
            double::alert(cx, &op.tenant, sent.message, op.at).await?;
            Ok(None)
        }
        None => Ok(None),
    }
}

/// Wants the message's row in Salesforce and tells the feed.
pub(super) async fn tell(
    cx: &mut Cx,
    tenant: &TenantId,
    target: &Target,
    standing: &Standing,
    at: UnixMs,
    sync_due_at: UnixMs,
) -> Result<(), StoreError> {
    cx.feed.push(FeedDraft {
        tenant: tenant.clone(),
        at,
        kind: "message.status",
        message: target.id,
        outbox: target.outbox,
        status: model::Status::from_rank(standing.rank),
    });
    let want = Want {
        tenant: tenant.clone(),
        object: Object::Message,
        id: *target.id.as_bytes(),
        root: target.person,
        due_at: sync_due_at,
    };
    sync::want(cx, want, sync::urgency(model::Status::from_rank(standing.rank))).await.map(drop)
}

pub(super) struct Key {
    pub tenant: TenantId,
    pub number: PhoneNumberId,
    pub state: [u8; 16],
}

/// Makes the row of a wamid unless it is there. On PostgreSQL, whoever makes
/// it too waits here for the first one's commit.
pub(super) async fn make(
    cx: &mut Cx,
    tenant: &TenantId,
    number: &PhoneNumberId,
    state: &[u8; 16],
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO message_state (tenant, number, state_key) VALUES ($1, $2, $3) \
                       ON CONFLICT (tenant, number, state_key) DO NOTHING";
    cx.tx.exec(SQL, args![tenant, number, state]).await.map(drop)
}

/// Merges one report into the row of its wamid, made here when it is the first.
pub(super) async fn see(
    cx: &mut Cx,
    key: &Key,
    report: Report,
    wamid: &str,
    person: Option<PersonId>,
) -> Result<(bool, Standing), StoreError> {
    let Key { tenant, number, state } = key;
    make(cx, tenant, number, state).await?;
    let (mut standing, known) = load(cx, key).await?;
    let counted = cost::place(&standing);
    let raised = standing.see(report);
    cost::moved(cx, key, counted, cost::place(&standing)).await?;
    // Once the person is known their own key seals the wamid, which contains
    // their number.
    let wamid = if known && person.is_none() {
        None
    } else {
        let owner = match person {
            Some(person) => Owner::Person(tenant.clone(), person),
            None => Owner::Tenant(tenant.clone()),
        };
        Some(cx.seal(&owner, WAMID, &place(number, state), wamid.as_bytes()).await?)
    };
    save(cx, key, &standing, wamid).await?;
    Ok((raised, standing))
}

async fn load(cx: &mut Cx, key: &Key) -> Result<(Standing, bool), StoreError> {
    let sql = cx.tx.either(
        "SELECT rank, accepted_at, sent_at, delivered_at, read_at, played_at, failed_at, code, \
            code_at, detail, pricing_rank, pricing_category, pricing_kind, pricing_model, \
            pricing_billable, pricing_calling_code, wamid IS NOT NULL \
         FROM message_state WHERE tenant = $1 AND number = $2 AND state_key = $3",
        "SELECT rank, accepted_at, sent_at, delivered_at, read_at, played_at, failed_at, code, \
            code_at, detail, pricing_rank, pricing_category, pricing_kind, pricing_model, \
            pricing_billable, pricing_calling_code, wamid IS NOT NULL \
         FROM message_state WHERE tenant = $1 AND number = $2 AND state_key = $3 FOR UPDATE",
    );
    let row = cx.tx.row(sql, args![&key.tenant, &key.number, key.state]).await?;
    let mut row = row.ok_or(StoreError::Conflict("message_state"))?;
    let standing = standing(cx, key, &mut row).await?;
    Ok((standing, row.get()?))
}

/// The merged columns, in their order in the table.
async fn standing(cx: &mut Cx, key: &Key, row: &mut Cols) -> Result<Standing, StoreError> {
    let mut standing = Standing {
        rank: row.get::<i64>()? as i16,
        accepted_at: row.get()?,
        sent_at: row.get()?,
        delivered_at: row.get()?,
        read_at: row.get()?,
        played_at: row.get()?,
        failed_at: row.get()?,
        reason: None,
        pricing: None,
    };
    let (code, at, detail): (Option<String>, Option<UnixMs>, Option<Vec<u8>>) =
        (row.get()?, row.get()?, row.get()?);
    if let (Some(code), Some(at)) = (code, at) {
        let place = place(&key.number, &key.state);
        let detail = cx.open_text(&key.tenant, DETAIL, &place, detail).await?;
        standing.reason = Some(Reason { at, code, detail });
    }
    let rank: Option<i64> = row.get()?;
    let pricing = pricing(row)?;
    standing.pricing = rank.zip(pricing).map(|(rank, pricing)| (rank as i16, pricing));
    Ok(standing)
}

/// The columns of a price, in their order. A row of an earlier version does not
/// say whether it is charged: its kind does.
pub(crate) fn pricing(row: &mut Cols) -> Result<Option<Pricing>, StoreError> {
    let named: (Option<String>, Option<String>, Option<String>) =
        (row.get()?, row.get()?, row.get()?);
    let (billable, calling_code): (Option<bool>, _) = (row.get()?, row.get()?);
    let (Some(category), Some(kind), Some(model)) = named else { return Ok(None) };
    let billable = billable.unwrap_or(kind == "regular");
    Ok(Some(Pricing { category, kind, model, billable, calling_code }))
}

async fn save(
    cx: &mut Cx,
    key: &Key,
    standing: &Standing,
    wamid: Option<Vec<u8>>,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE message_state SET rank = $1, accepted_at = $2, sent_at = $3, \
            delivered_at = $4, read_at = $5, played_at = $6, failed_at = $7, code = $8, \
            code_at = $9, detail = $10, pricing_rank = $11, pricing_category = $12, \
            pricing_kind = $13, pricing_model = $14, pricing_billable = $15, \
            pricing_calling_code = $16, wamid = COALESCE($17, wamid) \
        WHERE tenant = $18 AND number = $19 AND state_key = $20";
    let reason = standing.reason.as_ref();
    let detail = match reason.and_then(|reason| reason.detail.as_ref()) {
        Some(detail) => {
            let owner = Owner::Tenant(key.tenant.clone());
            let place = place(&key.number, &key.state);
            Some(cx.seal(&owner, DETAIL, &place, detail.as_bytes()).await?)
        }
        None => None,
    };
    let pricing = standing.pricing.as_ref();
    let args = args![
        standing.rank,
        standing.accepted_at,
        standing.sent_at,
        standing.delivered_at,
        standing.read_at,
        standing.played_at,
        standing.failed_at,
        reason.map(|reason| &reason.code),
        reason.map(|reason| reason.at),
        detail,
        pricing.map(|(rank, _)| *rank),
        pricing.map(|(_, named)| &named.category),
        pricing.map(|(_, named)| &named.kind),
        pricing.map(|(_, named)| &named.model),
        pricing.map(|(_, named)| named.billable),
        pricing.and_then(|(_, named)| named.calling_code.as_ref()),
        wamid,
        &key.tenant,
        &key.number,
        key.state,
    ];
    cx.tx.exec(SQL, args).await.map(drop)
}

pub(crate) fn place(number: &PhoneNumberId, state: &[u8; 16]) -> Vec<u8> {
    [number.as_str().as_bytes(), &[0], state].concat()
}
