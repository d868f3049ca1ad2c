//! An audience out of Salesforce, page by page.

use model::ids::{CampaignId, RecordId};
use serde::{Deserialize, Serialize};
use store::op::CampaignPage;
use store::{Commit, Op};

use super::Taken;
use super::records::Reader;
use super::source::Source;
use crate::campaign::desk::CampaignDesk;
use crate::campaign::fill;
use crate::campaign::plan::Plan;
use crate::org::CAMPAIGN;
use crate::outbound::{Caller, Refusal};

const OVER: &str = "sf.INVALID_QUERY_LOCATOR";

/// Where reading stands, kept with the campaign.
#[derive(Serialize, Deserialize)]
struct Bookmark {
    source: Source,
    next: String,
}

impl CampaignDesk {
    /// Adds the next page of a source to a draft; `more` of the answer says
    /// whether the same call goes on. What is read again adds nobody, and a
    /// draft whose source is half read cannot be checked.
    pub async fn add_from(
        &self,
        caller: &Caller,
        id: CampaignId,
        source: &Source,
    ) -> Result<Taken, Refusal> {
        let campaign = self.draft(caller, id).await?;
        let number = self.number(&campaign)?;
        let org = self.orgs.needed(&caller.tenant, &self.desk.ambient, CAMPAIGN)?;
        let (plan, _) = Plan::kept(&campaign.plan)?;
        let wanted = fill::wanted(&plan.template);
        let kept = campaign.page.as_deref().and_then(|kept| serde_json::from_str(kept).ok());
        let from = kept.filter(|kept: &Bookmark| kept.source == *source).map(|kept| kept.next);
        let read = match source.page(&org, from.as_deref()).await {
            // the place in a list is kept for a while only: it is read anew
            Err(fault) if from.is_some() && fault.code.as_str() == OVER => {
                source.page(&org, None).await
            }
            read => read,
        };
        let page = read.map_err(|fault| Refusal::org_away(&fault))??;
        let mut taken = Taken { more: page.next.is_some(), ..Taken::default() };
        let (store, tenant) = (&self.desk.store, &caller.tenant);
        let home = number.home();
        let reader = Reader { org: &org, store, tenant, home, wanted: &wanted };
        let mut people = reader.people(page.named).await?;
        page.odd.into_iter().chain(people.odd).for_each(|odd| taken.refuse(odd));
        if !shows(&plan, source) {
            // it belongs to another campaign than the one that is to show results
            people.wishes.iter_mut().for_each(|wish| wish.member = None);
        }
        self.join(&campaign, number, &wanted, &people.wishes, &mut taken).await?;
        let at = self.desk.ambient.now();
        let detail = format!("{} new, {} refused", taken.new, taken.refused);
        let audit = caller.audit("campaign.audience", id.to_string(), &detail, at);
        let bookmark = page.next.map(|next| Bookmark { source: source.clone(), next });
        let place = CampaignPage {
            tenant: tenant.clone(),
            id,
            page: bookmark.and_then(|kept| serde_json::to_string(&kept).ok()),
            audience_in: true,
        };
        self.desk.store.commit(Commit::of(vec![Op::CampaignPage(place), Op::Audit(audit)])).await?;
        Ok(taken)
    }
}

/// The source's members are those that show what became of ours.
fn shows(plan: &Plan, source: &Source) -> bool {
    let shown = plan.results.as_ref().map(|results| results.campaign());
    matches!((source, shown), (Source::Campaign(one), Some(other)) if RecordId::new(one).same(&other))
}
