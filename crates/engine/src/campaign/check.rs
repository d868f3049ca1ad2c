//! The flight check: who would get it, who not and why, and when it would end.

use std::collections::BTreeMap;

use model::UnixMs;
use model::ids::CampaignId;
use rules::campaign::{Load, Outlook, Reason, Step, Tally, forecast};
use serde::{Deserialize, Serialize};
use store::{Campaign, MemberState};

use super::desk::CampaignDesk;
use super::judge::{self, Case, Verdict, category};
use super::plan::Plan;
use super::watch;
use crate::org::CAMPAIGN;
use crate::outbound::{Caller, Refusal};
use crate::templates;

const PAGE: u32 = 500;
/// More statuses than a campaign has.
const STATUSES_MAX: usize = 200;

/// Kept with the campaign as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub checked_at: i64,
    /// People who would get it.
    pub taken: u64,
    /// By reason: `opted_out`, `no_consent`, ...
    pub left_out: BTreeMap<String, u64>,
    /// People that the portfolio may still open today; `None`: as many as you like.
    pub tier_left: Option<u64>,
    /// When it would end if it began now; `None`: not within a year.
    pub ends_at: Option<i64>,
    /// The messaging limit says when, and not the pace.
    pub by_tier: bool,
    /// Of the template, as Meta says it now; `None`: not known here.
    pub category: Option<String>,
    pub quality: Option<String>,
}

impl Report {
    pub fn kept(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl CampaignDesk {
    /// Holds every member against the rules as they are now, and sends nothing.
    /// A template that cannot be sent, or does not fit, refuses it.
    pub async fn check(&self, caller: &Caller, id: CampaignId) -> Result<Campaign, Refusal> {
        let campaign = self.campaign(&caller.tenant, id).await?;
        super::desk::after(&campaign, Step::Check)
            .map_err(|why| super::plan::not_now(why.to_string()))?;
        let (plan, ready) = Plan::kept(&campaign.plan)?;
        if campaign.page.is_some() {
            let cure =
                "ask for the same audience again until its answer says that there is no more";
            let cause = "its source in Salesforce is read by half";
            return Err(Refusal::invalid("puente.field", "audience", cause, cure));
        }
        self.has_words(caller, &plan).await?;
        let number = self.number(&campaign)?;
        let template = judge::template(&self.desk, number, &plan).await?;
        let (desk, category) = (&self.desk, category(template.as_ref()));
        let case = Case { desk, number, campaign: &campaign, plan: &plan, ready: &ready, category };
        let now = self.desk.ambient.now();
        let tally = self.tally(&case, now).await?;
        if tally.taken == 0 && tally.left_out.is_empty() {
            let cure = "add an audience first: puente campaign add";
            return Err(Refusal::invalid("puente.field", "audience", "there is nobody", cure));
        }
        let counted = watch::counted(desk, number, now).await?;
        let per_second = watch::rate(&self.pace, &number.id, plan.per_second);
        let load = Load { people: tally.taken, per_second, tier: watch::tier(&ready) };
        let outlook = forecast(&load, &ready.hours, &counted, now);
        let report = Report {
            checked_at: now.0,
            taken: tally.taken,
            left_out: tally.left_out.iter().map(|(r, n)| (r.as_str().to_owned(), *n)).collect(),
            tier_left: watch::tier(&ready).left(&counted, now),
            ends_at: outlook.map(|Outlook { ends_at, .. }| ends_at.0),
            by_tier: outlook.is_some_and(|outlook| outlook.by_tier),
            category: template.as_ref().map(|template| template.category.clone()),
            quality: template.and_then(|template| template.quality),
        };
        self.take(caller, id, Step::Check, |op| op.report = Some(report.text())).await
    }

    /// The campaign in Salesforce is there, and has the statuses that its members
    /// are to show.
    async fn has_words(&self, caller: &Caller, plan: &Plan) -> Result<(), Refusal> {
        let Some(results) = &plan.results else { return Ok(()) };
        let org = self.orgs.needed(&caller.tenant, &self.desk.ambient, CAMPAIGN)?;
        let query = format!(
            "SELECT Label, HasResponded FROM CampaignMemberStatus WHERE CampaignId = {}",
            salesforce::soql::literal(results.campaign().as_str())
        );
        let page = org.call(org.client.query(&query, STATUSES_MAX)).await;
        let rows = page.map_err(|fault| Refusal::org_away(&fault))?.rows;
        let labels: Vec<_> = rows.iter().filter_map(|row| row.text("Label")).collect();
        let no = |field: &str, cause: String, cure: String| {
            Err(Refusal::invalid("puente.field", field, cause, cure))
        };
        if labels.is_empty() {
            let cause = "there is no such campaign, or puente's user may not see it".into();
            let cure = "share it with the integration user, or take another".into();
            return no("plan.results.campaign", cause, cure);
        }
        for (field, word) in [("sent", &results.sent), ("responded", &results.responded)] {
            if !labels.contains(&word.as_str()) {
                let cause = format!("the campaign has no member status '{word}'");
                let cure = format!("take one of {}, or add it there", labels.join(", "));
                return no(&format!("plan.results.{field}"), cause, cure);
            }
        }
        let counts = |row: &salesforce::Row| {
            row.text("Label") == Some(&results.responded) && row.flag("HasResponded") == Some(true)
        };
        if !rows.iter().any(counts) {
            let cause = format!("'{}' does not count as a response", results.responded);
            let cure = "tick Responded for it in the campaign's member statuses".into();
            return no("plan.results.responded", cause, cure);
        }
        Ok(())
    }

    async fn tally(&self, case: &Case<'_>, now: UnixMs) -> Result<Tally, Refusal> {
        let (mut tally, mut seq, mut fits) = (Tally::default(), 0, false);
        let tenant = &case.number.tenant;
        loop {
            let page = self.desk.store.members_in(
                tenant,
                case.campaign.id,
                MemberState::Waiting,
                seq,
                PAGE,
            );
            let members = page.await?;
            let Some(last) = members.last() else { return Ok(tally) };
            seq = last.seq;
            // at the first moment that is open, so that quiet hours count for nothing
            let at = case.ready.hours.opens_at(now).unwrap_or(now);
            for verdict in case.judge(&members, at).await? {
                match verdict {
                    Verdict::LeftOut(reason) => tally.add(Some(reason)),
                    Verdict::Later(_) => tally.add(None),
                    Verdict::Write { message, .. } => {
                        if !std::mem::replace(&mut fits, true) {
                            crate::outbound::convert::checked(&message)?;
                            templates::check(&self.desk.store, case.number, &message).await?;
                        }
                        tally.add(None);
                    }
                }
            }
        }
    }
}

/// The code that a member who is left out has.
pub fn code(reason: Reason) -> String {
    format!("puente.{}", reason.as_str())
}
