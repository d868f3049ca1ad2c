//! Members of campaigns, and their sends.

use model::Status;
use model::ids::{MessageId, PersonId};

use super::{Applied, campaign, sync};
use crate::StoreError;
use crate::cx::{Cx, FeedDraft};
use crate::op::{
    Did, MemberQueued, MemberReplied, MemberShown, MemberStep, NewMembers, SendWithdrawn, ShowEnd,
    Want,
};
use crate::row::{CampaignState, Object};
use crate::seal::Owner;
use crate::sql::args;

pub(crate) const BOUND: &str = "campaign_member.bound";

pub(super) async fn insert(cx: &mut Cx, op: NewMembers) -> Applied {
    const KNOWN: &str =
        "SELECT 1 FROM campaign_member WHERE tenant = $1 AND campaign = $2 AND person = $3";
    const SQL: &str = "INSERT INTO campaign_member (tenant, campaign, person, due_at, member, bound, state) \
        VALUES ($1, $2, $3, $4, $5, $6, 'waiting') ON CONFLICT (tenant, campaign, person) DO NOTHING";
    let NewMembers { tenant, campaign, at, members } = op;
    if campaign::state(cx, &tenant, campaign).await? != CampaignState::Draft {
        return Err(StoreError::Conflict("campaign"));
    }
    let mut new = 0;
    for member in members {
        if cx.tx.row(KNOWN, args![&tenant, campaign, member.person]).await?.is_some() {
            continue;
        }
        let owner = Owner::Person(tenant.clone(), member.person);
        let bound = cx.seal(&owner, BOUND, campaign.as_bytes(), &member.bound).await?;
        let args = args![&tenant, campaign, member.person, at, member.member.as_ref(), bound];
        new += cx.tx.exec(SQL, args).await?;
    }
    Ok(Did::Count(new))
}

pub(super) async fn queue(cx: &mut Cx, op: MemberQueued) -> Applied {
    const SQL: &str = "UPDATE campaign_member SET state = 'queued', rounds = rounds + 1, \
            outbox = $1, code = NULL \
        WHERE tenant = $2 AND campaign = $3 AND person = $4 AND state IN ('waiting', 'held_back') \
          AND rounds = $5";
    if campaign::state(cx, &op.tenant, op.campaign).await? != CampaignState::Running {
        return Err(StoreError::Conflict("campaign"));
    }
    let args = args![op.outbox, &op.tenant, op.campaign, op.person, op.rounds];
    super::met(cx.tx.exec(SQL, args).await?, "campaign_member")
}

pub(super) async fn step(cx: &mut Cx, op: MemberStep) -> Applied {
    const SQL: &str = "UPDATE campaign_member SET state = $1, code = $2, \
            due_at = COALESCE($3, due_at), sent_at = COALESCE($4, sent_at), \
            wants = CASE WHEN CAST($4 AS BIGINT) IS NULL OR wants > 1 THEN wants ELSE 1 END \
        WHERE tenant = $5 AND campaign = $6 AND person = $7 AND state = $8 \
          AND outbox IS NOT DISTINCT FROM $9";
    for from in &op.from {
        let args = args![
            op.to,
            op.code.clone(),
            op.due_at,
            op.sent_at,
            &op.tenant,
            op.campaign,
            op.person,
            *from,
            op.outbox,
        ];
        if cx.tx.exec(SQL, args).await? > 0 {
            break;
        }
    }
    Ok(Did::Done)
}

pub(super) async fn replied(cx: &mut Cx, op: MemberReplied) -> Applied {
    const SQL: &str = "UPDATE campaign_member SET replied_at = $1, wants = 2, show_at = 0 \
        WHERE tenant = $2 AND person = $3 AND sent_at >= $4 AND sent_at <= $1 \
          AND replied_at IS NULL";
    let args = args![op.at, &op.tenant, op.person, op.sent_since];
    Ok(Did::Count(cx.tx.exec(SQL, args).await?))
}

pub(super) async fn shown(cx: &mut Cx, op: MemberShown) -> Applied {
    const SHOWS: &str = "UPDATE campaign_member SET member = $1, shows = $2, show_code = NULL \
        WHERE tenant = $3 AND campaign = $4 AND person = $5 AND shows < $2";
    const AGAIN: &str = "UPDATE campaign_member SET show_at = $1 \
        WHERE tenant = $2 AND campaign = $3 AND person = $4";
    const NEVER: &str = "UPDATE campaign_member SET shows = wants, show_code = $1 \
        WHERE tenant = $2 AND campaign = $3 AND person = $4";
    let (sql, mut args) = match op.end {
        ShowEnd::Shows { member, shows } => (SHOWS, args![&member, shows]),
        ShowEnd::Again { at } => (AGAIN, args![at]),
        ShowEnd::Never { code } => (NEVER, args![code]),
    };
    args.extend(args![&op.tenant, op.campaign, op.person]);
    cx.tx.exec(sql, args).await?;
    Ok(Did::Done)
}

pub(super) async fn withdraw(cx: &mut Cx, op: SendWithdrawn) -> Applied {
    const SEND: &str = "UPDATE outbox SET state = 'dropped', failed_at = $1, code = $2, \
            detail = NULL WHERE tenant = $3 AND id = $4 AND state = 'queued' \
        RETURNING person, message";
    const MEMBER: &str = "UPDATE campaign_member SET state = 'left_out', code = $1 \
        WHERE tenant = $2 AND outbox = $3 AND state = 'queued'";
    let row = cx.tx.row(SEND, args![op.at, &op.code, &op.tenant, op.outbox]).await?;
    let Some(mut row) = row else { return Ok(Did::Done) };
    let (person, message): (PersonId, MessageId) = (row.get()?, row.get()?);
    cx.tx.exec(MEMBER, args![&op.code, &op.tenant, op.outbox]).await?;
    cx.feed.push(FeedDraft {
        tenant: op.tenant.clone(),
        at: op.at,
        kind: "send.failed",
        message,
        outbox: Some(op.outbox),
        status: Some(Status::Failed),
    });
    let (object, id) = (Object::Message, *message.as_bytes());
    let want = Want { tenant: op.tenant, object, id, root: person, due_at: op.at };
    sync::want(cx, want, model::Urgency::Automatic).await
}
