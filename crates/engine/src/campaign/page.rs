//! The next members of a running campaign become rows of the outbox.

use model::UnixMs;
use model::ids::{CampaignId, TenantId};
use rules::campaign::{Step, own_pace, page};
use rules::pace::Bucket;
use store::op::{CampaignHeld, CampaignWait, MemberStep};
use store::{Campaign, CampaignState, Fence, Member, MemberState, Op, StoreError};

use super::check::code;
use super::follow::is_template;
use super::judge::{self, Case, Verdict, category};
use super::plan::Plan;
use super::watch::{self, Stand};
use super::worker::Campaigns;
use crate::outbound::{Caller, Refusal};

/// Between two countings of all members.
const LOOK_MS: i64 = 5_000;
/// Members in one commit: what is live waits no longer than for these.
const IN_ONE_COMMIT: usize = 50;

/// What the last counting said.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Monotonic.
    at_ms: i64,
    /// People of the portfolio's day that are left, less those queued since.
    tier_left: Option<u64>,
    /// Where the plan has a rate of its own.
    own: Option<Bucket>,
}

impl Campaigns {
    pub(super) async fn run_on(
        &self,
        fence: &Fence,
        tenant: &TenantId,
        campaign: &Campaign,
    ) -> Result<(), StoreError> {
        let (now, mono) = (self.desk.ambient.now(), self.desk.ambient.clock.mono());
        let number = self.desk.directory.number(&campaign.number);
        let (Some(number), Ok((plan, ready))) = (number, Plan::kept(&campaign.plan)) else {
            tracing::warn!(campaign = %campaign.id, "its number is not configured: it waits");
            return Ok(());
        };
        let template = judge::template(&self.desk, number, &plan).await?;
        let (desk, category) = (&self.desk, category(template.as_ref()));
        let case = Case { desk, number, campaign, plan: &plan, ready: &ready, category };
        let known = self.looks.lock().get(&campaign.id).copied();
        let mut look = match known.filter(|look| mono - look.at_ms < LOOK_MS) {
            Some(look) => look,
            None => {
                let stand = Stand::of(desk, tenant, campaign.id).await?;
                if let Some(why) = stand.halt(campaign, &ready, template.as_ref()) {
                    return self.step(fence, tenant, campaign, Step::Pause, Some(why)).await;
                }
                if stand.is_settled(now) {
                    return self.step(fence, tenant, campaign, Step::Settle, None).await;
                }
                // the stream tells of what has ended, and not of what waits
                self.queued(fence, tenant, campaign.id).await?;
                let counted = watch::counted(desk, number, now).await?;
                let left = watch::tier(&ready).left(&counted, now);
                let queued = stand.in_state(MemberState::Queued);
                let own = plan.per_second.map(|rate| own_pace(rate, mono));
                Look {
                    at_ms: mono,
                    tier_left: left.map(|left| left.saturating_sub(queued)),
                    own: known.and_then(|look| look.own).or(own),
                }
            }
        };
        let ended = ready.ends_at.is_some_and(|end| end <= now);
        let opens_at = ready.hours.opens_at(now).unwrap_or(now);
        let mut room = watch::room(&self.pace, &number.id, plan.per_second);
        room.open_ms = ready.hours.closes_at(now).map(|at| at.since(now));
        room.tier_left = look.tier_left;
        room.own_left = look.own.as_mut().map(|own| own.level(mono));
        for other in desk.store.campaigns_open(tenant).await? {
            if other.state == CampaignState::Running && other.number == number.id {
                room.queued += desk.store.members_queued(tenant, other.id).await? as i64;
            }
        }
        let wait = match () {
            () if ended => None,
            () if opens_at > now => Some((opens_at, "hours")),
            () if look.tier_left == Some(0) => Some((now.plus(LOOK_MS), "tier")),
            () => None,
        };
        self.waits(fence, tenant, campaign, wait).await?;
        if ended {
            self.withdraw(fence, tenant, campaign.id, &code(rules::campaign::Reason::Ended))
                .await?;
        } else if opens_at > now {
            self.hold(fence, tenant, campaign.id, opens_at).await?;
        }
        let most = match (ended, opens_at > now) {
            (true, _) => IN_ONE_COMMIT as u64,
            (_, true) => 0,
            _ => page(&room),
        };
        let due = desk.store.members_due(tenant, campaign.id, now, most as u32).await?;
        for members in due.chunks(IN_ONE_COMMIT) {
            let queued = self.queue(fence, &case, members, now).await?;
            look.tier_left = look.tier_left.map(|left| left.saturating_sub(queued));
            if let Some(own) = &mut look.own {
                own.spend(queued as i64, mono);
            }
        }
        self.looks.lock().insert(campaign.id, look);
        if !due.is_empty() {
            desk.nudges.outbound.wake();
        }
        Ok(())
    }

    async fn queued(
        &self,
        fence: &Fence,
        tenant: &TenantId,
        id: CampaignId,
    ) -> Result<(), StoreError> {
        let members = self.desk.store.members_in(tenant, id, MemberState::Queued, 0, 200).await?;
        let sends = members.iter().filter_map(|member| member.outbox).collect();
        self.tell(fence, tenant, sends).await
    }

    /// How many came into the outbox.
    async fn queue(
        &self,
        fence: &Fence,
        case: &Case<'_>,
        members: &[Member],
        now: UnixMs,
    ) -> Result<u64, StoreError> {
        let (mut ops, mut queued) = (Vec::new(), 0);
        for (member, verdict) in members.iter().zip(case.judge(members, now).await?) {
            match verdict {
                Verdict::LeftOut(reason) => {
                    let mut step = step(case, member, MemberState::LeftOut);
                    step.code = Some(code(reason));
                    ops.push(Op::MemberStep(step));
                }
                Verdict::Later(at) => {
                    let mut step = step(case, member, member.state);
                    (step.due_at, step.code) = (Some(at), member.code.clone());
                    ops.push(Op::MemberStep(step));
                }
                Verdict::Write { person, message } => {
                    let campaign = case.campaign;
                    let caller = Caller {
                        tenant: case.number.tenant.clone(),
                        key: campaign.made_by,
                        acting_user: campaign.acting_user.clone(),
                    };
                    let turn = (campaign.id, member.rounds);
                    match self.desk.of_member(&caller, case.number, *person, message, turn).await {
                        Ok(op) => {
                            queued += 1;
                            ops.push(op);
                        }
                        // the next look pauses it
                        Err(refusal) if is_template(refusal.code.as_str()) => {}
                        Err(refusal) if refusal.is_about_one() => {
                            ops.push(Op::MemberStep(refused(case, member, &refusal)));
                        }
                        Err(refusal) => return Err(StoreError::Broken(refusal.cause)),
                    }
                }
            }
        }
        match self.commit(fence, ops.clone()).await {
            // somebody of them wrote at this moment: the others go on
            Err(StoreError::Conflict(_)) => {
                for op in ops {
                    match self.commit(fence, vec![op]).await {
                        Err(StoreError::Conflict(_)) => {}
                        done => done?,
                    }
                }
            }
            done => done?,
        }
        Ok(queued)
    }

    pub(super) async fn hold(
        &self,
        fence: &Fence,
        tenant: &TenantId,
        id: CampaignId,
        until: UnixMs,
    ) -> Result<(), StoreError> {
        let held = CampaignHeld { tenant: tenant.clone(), id, until };
        self.commit(fence, vec![Op::HoldCampaign(held)]).await
    }

    /// For people to see; written when it changes.
    async fn waits(
        &self,
        fence: &Fence,
        tenant: &TenantId,
        campaign: &Campaign,
        wait: Option<(UnixMs, &str)>,
    ) -> Result<(), StoreError> {
        let what = wait.map(|(_, what)| what.to_owned());
        if what == campaign.wait_for {
            return Ok(());
        }
        let (tenant, until) = (tenant.clone(), wait.map(|(until, _)| until));
        let wait = CampaignWait { tenant, id: campaign.id, until, what };
        self.commit(fence, vec![Op::CampaignWaits(wait)]).await
    }
}

fn step(case: &Case<'_>, member: &Member, to: MemberState) -> MemberStep {
    MemberStep {
        tenant: case.number.tenant.clone(),
        campaign: case.campaign.id,
        person: member.person,
        outbox: member.outbox,
        from: vec![member.state],
        to,
        code: None,
        due_at: None,
        sent_at: None,
    }
}

/// What the desk refuses of one is alike at each try.
fn refused(case: &Case<'_>, member: &Member, refusal: &Refusal) -> MemberStep {
    let mut step = step(case, member, MemberState::LeftOut);
    step.code = Some(refusal.code.to_string());
    step
}
