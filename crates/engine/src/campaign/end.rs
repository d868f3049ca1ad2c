//! A campaign that is being stopped: what was not called is taken back.

use model::ids::{CampaignId, TenantId};
use rules::campaign::Step;
use store::op::SendWithdrawn;
use store::{Campaign, Fence, MemberState, Op, StoreError};

use super::worker::Campaigns;

const IN_ONE_COMMIT: u32 = 200;
const STOPPED: &str = "puente.campaign_stopped";

impl Campaigns {
    /// Stopped once no call is open any more.
    pub(super) async fn end(
        &self,
        fence: &Fence,
        tenant: &TenantId,
        campaign: &Campaign,
    ) -> Result<(), StoreError> {
        self.withdraw(fence, tenant, campaign.id, STOPPED).await?;
        if self.desk.store.members_queued(tenant, campaign.id).await? > 0 {
            return Ok(());
        }
        self.step(fence, tenant, campaign, Step::Settle, None).await
    }

    /// Takes back what is queued and not called; what is called ends by itself.
    pub(super) async fn withdraw(
        &self,
        fence: &Fence,
        tenant: &TenantId,
        id: CampaignId,
        code: &str,
    ) -> Result<(), StoreError> {
        let mut seq = 0;
        loop {
            let store = &self.desk.store;
            let members =
                store.members_in(tenant, id, MemberState::Queued, seq, IN_ONE_COMMIT).await?;
            let Some(last) = members.last() else { return Ok(()) };
            seq = last.seq;
            let at = self.desk.ambient.now();
            let withdrawn = members.iter().filter_map(|member| member.outbox).map(|outbox| {
                let (tenant, code) = (tenant.clone(), code.to_owned());
                Op::WithdrawSend(SendWithdrawn { tenant, outbox, at, code })
            });
            self.commit(fence, withdrawn.collect()).await?;
        }
    }
}
