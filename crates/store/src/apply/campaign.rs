//! Campaigns: their states, and what each lets happen.

use model::UnixMs;
use model::ids::{CampaignId, TenantId};

use super::{Applied, met};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{CampaignHeld, CampaignMove, CampaignPage, CampaignWait, Did, NewCampaign};
use crate::row::CampaignState;
use crate::sql::args;

/// Until somebody decides.
const HELD: UnixMs = UnixMs(9_999_999_999_999);

pub(super) async fn insert(cx: &mut Cx, op: NewCampaign) -> Applied {
    const SQL: &str = "INSERT INTO campaign (tenant, id, name, state, number, plan, made_at, \
            made_by, acting_user, audience_in, shown_in) \
        VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant, id) DO NOTHING";
    let args = args![
        &op.tenant,
        op.id,
        op.name,
        &op.number,
        op.plan,
        op.at,
        op.by,
        op.acting_user,
        op.audience_in,
        op.shown_in.as_ref(),
    ];
    Ok(Did::New(cx.tx.exec(SQL, args).await? > 0))
}

/// The state, locked until the commit.
pub(super) async fn state(
    cx: &mut Cx,
    tenant: &TenantId,
    id: CampaignId,
) -> Result<CampaignState, StoreError> {
    let sql = cx.tx.either(
        "SELECT state FROM campaign WHERE tenant = $1 AND id = $2",
        "SELECT state FROM campaign WHERE tenant = $1 AND id = $2 FOR NO KEY UPDATE",
    );
    let row = cx.tx.row(sql, args![tenant, id]).await?;
    row.ok_or(StoreError::Conflict("campaign"))?.get()
}

pub(super) async fn to(cx: &mut Cx, op: CampaignMove) -> Applied {
    const MOVE: &str = "UPDATE campaign SET state = $1, page = NULL, why = $2, \
            start_at = COALESCE($3, start_at), report = COALESCE($4, report), \
            wait_until = NULL, wait_for = NULL WHERE tenant = $5 AND id = $6";
    if !op.from.contains(&state(cx, &op.tenant, op.id).await?) {
        return Err(StoreError::Conflict("campaign"));
    }
    let args = args![op.to, op.why.clone(), op.start_at, op.report.clone(), &op.tenant, op.id];
    cx.tx.exec(MOVE, args).await?;
    match op.to {
        CampaignState::Running => run(cx, &op).await,
        CampaignState::Paused | CampaignState::Stopping => {
            let (tenant, id) = (op.tenant, op.id);
            hold(cx, &CampaignHeld { tenant, id, until: HELD }).await
        }
        CampaignState::Done | CampaignState::Stopped => end(cx, &op).await,
        CampaignState::Draft | CampaignState::Checked | CampaignState::Scheduled => Ok(Did::Done),
    }
}

async fn run(cx: &mut Cx, op: &CampaignMove) -> Applied {
    const ENDED: &str = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), 0) \
        FROM campaign_member WHERE tenant = $1 AND campaign = $2 \
          AND state IN ('sent', 'failed')";
    const BASE: &str = "UPDATE campaign SET started_at = COALESCE(started_at, $1), \
            base_ended = $2, base_failed = $3 WHERE tenant = $4 AND id = $5";
    const FREE: &str = "UPDATE outbox SET due_at = $1 WHERE tenant = $2 AND state = 'queued' \
        AND due_at > $1 AND id IN (SELECT m.outbox FROM campaign_member m \
            WHERE m.tenant = $2 AND m.campaign = $3 AND m.state = 'queued')";
    let row = cx.tx.row(ENDED, args![&op.tenant, op.id]).await?;
    let (ended, failed): (i64, i64) = match row {
        Some(mut row) => (row.get()?, row.get()?),
        None => (0, 0),
    };
    cx.tx.exec(BASE, args![op.at, ended, failed, &op.tenant, op.id]).await?;
    cx.tx.exec(FREE, args![op.at, &op.tenant, op.id]).await?;
    Ok(Did::Done)
}

async fn end(cx: &mut Cx, op: &CampaignMove) -> Applied {
    const SQL: &str = "UPDATE campaign SET ended_at = $1 WHERE tenant = $2 AND id = $3";
    cx.tx.exec(SQL, args![op.at, &op.tenant, op.id]).await?;
    Ok(Did::Done)
}

pub(super) async fn hold(cx: &mut Cx, op: &CampaignHeld) -> Applied {
    const SQL: &str = "UPDATE outbox SET due_at = $1 WHERE tenant = $2 AND state = 'queued' \
        AND due_at < $1 AND id IN (SELECT m.outbox FROM campaign_member m \
            WHERE m.tenant = $2 AND m.campaign = $3 AND m.state = 'queued')";
    cx.tx.exec(SQL, args![op.until, &op.tenant, op.id]).await?;
    Ok(Did::Done)
}

pub(super) async fn page(cx: &mut Cx, op: CampaignPage) -> Applied {
    const SQL: &str = "UPDATE campaign SET page = $1, \
            audience_in = CASE WHEN CAST($2 AS BIGINT) = 1 THEN 1 ELSE audience_in END \
        WHERE tenant = $3 AND id = $4 AND state = 'draft'";
    let args = args![op.page, op.audience_in, &op.tenant, op.id];
    met(cx.tx.exec(SQL, args).await?, "campaign")
}

pub(super) async fn waits(cx: &mut Cx, op: CampaignWait) -> Applied {
    const SQL: &str =
        "UPDATE campaign SET wait_until = $1, wait_for = $2 WHERE tenant = $3 AND id = $4";
    met(cx.tx.exec(SQL, args![op.until, op.what, &op.tenant, op.id]).await?, "campaign")
}
