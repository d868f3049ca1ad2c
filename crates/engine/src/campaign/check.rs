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
use crate::outbound::{Caller, Refusal};
use crate::templates;

const PAGE: u32 = 500;

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
