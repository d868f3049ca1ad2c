//! What people do about campaigns: make, start, pause, resume, stop.

use model::ids::{CampaignId, PhoneNumberId, TenantId};
use rules::campaign::{State, Step, starts_at};
use serde_json::{Map, Value};
use store::op::{CampaignMove, NewCampaign};
use store::{Campaign, CampaignState, Commit, Did, Op, StoreError};

use super::check::Report;
use super::judge;
use super::plan::{Plan, not_now};
use crate::directory::Number;
use crate::org::Orgs;
use crate::outbound::{Caller, Desk, Pace, Refusal};

const NAME_MAX: usize = 80;
const CONFLICTS_MAX: u32 = 8;

#[derive(Clone)]
pub struct CampaignDesk {
    pub desk: Desk,
    /// Of each number: what a check reckons with.
    pub pace: Pace,
    pub orgs: Orgs,
}

impl CampaignDesk {
    /// A draft without an audience. The caller's id makes the same call one
    /// campaign.
    pub async fn make(
        &self,
        caller: &Caller,
        id: CampaignId,
        name: &str,
        number: Option<&PhoneNumberId>,
        plan: Map<String, Value>,
    ) -> Result<Campaign, Refusal> {
        let (tenant, at) = (caller.tenant.clone(), self.desk.ambient.now());
        let length = name.trim().chars().count();
        if !(1..=NAME_MAX).contains(&length) {
            let cause = format!("it has {length} characters");
            let cure = format!("write 1 to {NAME_MAX} characters");
            return Err(Refusal::invalid("puente.field", "name", cause, cure));
        }
        let number = self.desk.number(&tenant, number)?.id.clone();
        let plan = Plan::read(plan, at)?;
        let (template, language) = plan.names();
        if template.is_empty() || language.is_empty() {
            let cure = "write Meta's template object: name, language.code, components";
            let field = "plan.template";
            return Err(Refusal::invalid("puente.field", field, "it names no template", cure));
        }
        let new = NewCampaign {
            tenant: tenant.clone(),
            id,
            name: name.trim().to_owned(),
            number,
            plan: serde_json::to_string(&plan).unwrap_or_default(),
            audience_in: true,
            shown_in: plan.results.as_ref().map(|results| results.campaign()),
            at,
            by: caller.key,
            acting_user: caller.acting_user.clone(),
        };
        let audit = caller.audit("campaign.made", id.to_string(), "", at);
        let did = self.desk.store.commit(Commit::of(vec![Op::NewCampaign(new)])).await?;
        if did.first() == Some(&Did::New(true)) {
            self.desk.store.commit(Commit::of(vec![Op::Audit(audit)])).await?;
        }
        self.campaign(&tenant, id).await
    }

    pub async fn campaign(&self, tenant: &TenantId, id: CampaignId) -> Result<Campaign, Refusal> {
        let known = self.desk.store.campaign(tenant, id).await?;
        known.ok_or_else(|| Refusal::no_such("id", "campaign"))
    }

    pub(super) fn number(&self, campaign: &Campaign) -> Result<&Number, Refusal> {
        self.desk.directory.number(&campaign.number).ok_or_else(|| {
            let cure = "add its [[tenant.number]] to the configuration again";
            let cause = "the campaign's number is no longer configured";
            Refusal::invalid("puente.unknown_number", "number", cause, cure)
        })
    }

    /// Now, or at a time on the wall of the campaign's zone.
    pub async fn start(
        &self,
        caller: &Caller,
        id: CampaignId,
        local: Option<&str>,
    ) -> Result<Campaign, Refusal> {
        let campaign = self.campaign(&caller.tenant, id).await?;
        let (plan, _) = Plan::kept(&campaign.plan)?;
        let now = self.desk.ambient.now();
        let start_at = local
            .map(|local| starts_at(local, &plan.zone, now))
            .transpose()
            .map_err(|(field, why, cure)| Refusal::invalid("puente.field", field, why, cure))?;
        let step = if start_at.is_some() { Step::Schedule } else { Step::Start };
        self.take(caller, id, step, |op| op.start_at = start_at).await
    }

    pub async fn pause(&self, caller: &Caller, id: CampaignId) -> Result<Campaign, Refusal> {
        self.take(caller, id, Step::Pause, |op| op.why = Some("asked".into())).await
    }

    pub async fn resume(&self, caller: &Caller, id: CampaignId) -> Result<Campaign, Refusal> {
        self.take(caller, id, Step::Resume, |_| {}).await
    }

    /// For good: what was not called stays unsent.
    pub async fn stop(&self, caller: &Caller, id: CampaignId) -> Result<Campaign, Refusal> {
        self.take(caller, id, Step::Stop, |_| {}).await
    }

    /// One step, where the state has it; asked for twice it is taken once.
    pub(super) async fn take(
        &self,
        caller: &Caller,
        id: CampaignId,
        step: Step,
        with: impl Fn(&mut CampaignMove),
    ) -> Result<Campaign, Refusal> {
        let mut tries = 0;
        loop {
            let campaign = self.campaign(&caller.tenant, id).await?;
            let to = after(&campaign, step).map_err(|why| not_now(why.to_string()))?;
            // a check and a time may be said anew
            if to == campaign.state && !matches!(step, Step::Check | Step::Schedule) {
                return Ok(campaign);
            }
            let at = self.desk.ambient.now();
            let mut op = moved(&caller.tenant, &campaign, to, at);
            if matches!(step, Step::Start | Step::Resume | Step::Schedule) {
                op.report = self.seen(&campaign).await?;
            }
            with(&mut op);
            let audit =
                caller.audit(&format!("campaign.{}", step.as_str()), id.to_string(), "", at);
            let ops = vec![Op::MoveCampaign(op), Op::Audit(audit)];
            match self.desk.store.commit(Commit::of(ops)).await {
                Ok(_) => {
                    self.desk.nudges.campaigns.wake();
                    return self.campaign(&caller.tenant, id).await;
                }
                Err(StoreError::Conflict(_)) if tries < CONFLICTS_MAX => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The report with the template's quality as the person who starts it can
    /// see it: a later drop pauses the campaign.
    async fn seen(&self, campaign: &Campaign) -> Result<Option<String>, Refusal> {
        let (plan, _) = Plan::kept(&campaign.plan)?;
        let template = judge::template(&self.desk, self.number(campaign)?, &plan).await?;
        let report = campaign.report.as_deref().and_then(Report::kept);
        Ok(report.map(|mut report| {
            report.quality = template.and_then(|template| template.quality);
            report.text()
        }))
    }
}

/// The state after `step`, in the store's words for the rules' states.
pub fn after(campaign: &Campaign, step: Step) -> Result<CampaignState, rules::campaign::NotNow> {
    let state = State::parse(campaign.state.as_str()).unwrap_or(State::Draft);
    let next = state.after(step)?;
    Ok(CampaignState::parse(next.as_str()).unwrap_or(campaign.state))
}

pub fn moved(
    tenant: &TenantId,
    campaign: &Campaign,
    to: CampaignState,
    at: model::UnixMs,
) -> CampaignMove {
    CampaignMove {
        tenant: tenant.clone(),
        id: campaign.id,
        from: vec![campaign.state],
        to,
        at,
        start_at: None,
        why: None,
        report: None,
    }
}
