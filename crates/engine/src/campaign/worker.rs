//! Carries running campaigns on: what was heard of their members, then the next
//! members. One process at a time, a step small enough to be made again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::UnixMs;
use model::ids::{CampaignId, OutboxId, TenantId};
use parking_lot::Mutex;
use rules::campaign::{Halt, Step};
use store::{Campaign, CampaignState, Commit, Fence, MemberState, Op, StoreError};
use tokio_util::sync::CancellationToken;

use super::desk::{after, moved};
use super::page::Look;
use crate::lease::Lease;
use crate::nudge::{Woken, outlast};
use crate::outbound::{Desk, Pace};

const TICK: Duration = Duration::from_millis(500);
/// While no campaign is open: one that starts here wakes this worker.
const IDLE: Duration = Duration::from_secs(5);
/// Events, or members, that are heard in one commit.
const HEARD_MAX: u32 = 200;

#[derive(Clone)]
pub struct Campaigns {
    pub desk: Desk,
    pub pace: Pace,
    pub lease: Lease,
    /// Until which event each tenant's stream was heard. Who begins reads all
    /// members that are under way once, and then the stream.
    pub(crate) heard: Arc<Mutex<BTreeMap<TenantId, i64>>>,
    pub(crate) looks: Arc<Mutex<BTreeMap<CampaignId, Look>>>,
}

impl Campaigns {
    pub fn new(desk: Desk, pace: Pace, lease: Lease) -> Self {
        Self { desk, pace, lease, heard: Arc::default(), looks: Arc::default() }
    }

    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                done = self.turn() => done.or_else(|error| {
                    self.lease.lost();
                    outlast("campaigns", error)
                })?,
            }
            // what was heard of a tenant stays while a campaign of theirs is open
            let tick = if self.heard.lock().is_empty() { IDLE } else { TICK };
            if self.desk.nudges.campaigns.wait(tick, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }

    pub async fn turn(&self) -> Result<(), StoreError> {
        let Some(fence) = self.lease.hold().await? else {
            self.heard.lock().clear();
            return Ok(());
        };
        for tenant in self.desk.directory.tenants() {
            let open = self.desk.store.campaigns_open(&tenant).await?;
            if open.is_empty() {
                self.heard.lock().remove(&tenant);
                continue;
            }
            self.follow(&fence, &tenant, &open).await?;
            for campaign in &open {
                match self.carry_on(&fence, &tenant, campaign.id).await {
                    // somebody decided something about it at this moment
                    Err(StoreError::Conflict(_)) => {}
                    done => done?,
                }
            }
        }
        Ok(())
    }

    async fn carry_on(
        &self,
        fence: &Fence,
        tenant: &TenantId,
        id: CampaignId,
    ) -> Result<(), StoreError> {
        // read again: what was heard may have paused it
        let Some(campaign) = self.desk.store.campaign(tenant, id).await? else { return Ok(()) };
        let now = self.desk.ambient.now();
        match campaign.state {
            CampaignState::Scheduled if campaign.start_at.is_some_and(|at| at <= now) => {
                self.step(fence, tenant, &campaign, Step::Start, None).await
            }
            CampaignState::Running => self.run_on(fence, tenant, &campaign).await,
            CampaignState::Paused => self.hold(fence, tenant, id, HELD).await,
            CampaignState::Stopping => self.end(fence, tenant, &campaign).await,
            _ => Ok(()),
        }
    }

    pub(super) async fn step(
        &self,
        fence: &Fence,
        tenant: &TenantId,
        campaign: &Campaign,
        step: Step,
        why: Option<Halt>,
    ) -> Result<(), StoreError> {
        let Ok(to) = after(campaign, step) else { return Ok(()) };
        let mut op = moved(tenant, campaign, to, self.desk.ambient.now());
        op.why = why.map(|why| why.as_str().to_owned());
        self.commit(fence, vec![Op::MoveCampaign(op)]).await
    }

    pub(super) async fn commit(&self, fence: &Fence, ops: Vec<Op>) -> Result<(), StoreError> {
        self.desk.store.commit(Commit::fenced(fence.clone(), ops)).await.map(drop)
    }

    /// What happened to members since the last turn.
    async fn follow(
        &self,
        fence: &Fence,
        tenant: &TenantId,
        open: &[Campaign],
    ) -> Result<(), StoreError> {
        let (oldest, horizon) = self.desk.store.feed_bounds(tenant).await?;
        let heard = self.heard.lock().get(tenant).copied();
        let Some(mut heard) = heard.filter(|heard| *heard >= oldest - 1) else {
            for campaign in open {
                self.all(fence, tenant, campaign.id).await?;
            }
            self.heard.lock().insert(tenant.clone(), horizon);
            return Ok(());
        };
        loop {
            let rows = self.desk.store.feed_after(tenant, heard, HEARD_MAX).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            heard = last.seq;
            let sends: BTreeSet<OutboxId> = rows.iter().filter_map(|row| row.outbox).collect();
            self.tell(fence, tenant, sends.into_iter().collect()).await?;
            self.heard.lock().insert(tenant.clone(), heard);
        }
    }

    async fn all(
        &self,
        fence: &Fence,
        tenant: &TenantId,
        id: CampaignId,
    ) -> Result<(), StoreError> {
        for state in [MemberState::Queued, MemberState::Uncertain, MemberState::Sent] {
            let mut seq = 0;
            loop {
                let store = &self.desk.store;
                let members = store.members_in(tenant, id, state, seq, HEARD_MAX).await?;
                let Some(last) = members.last() else { break };
                seq = last.seq;
                let sends = members.iter().filter_map(|member| member.outbox).collect();
                self.tell(fence, tenant, sends).await?;
            }
        }
        Ok(())
    }

    /// The members move, and what would be alike for all pauses the campaign, in
    /// one commit: neither is lost in a crash.
    pub(super) async fn tell(
        &self,
        fence: &Fence,
        tenant: &TenantId,
        sends: Vec<OutboxId>,
    ) -> Result<(), StoreError> {
        let (mut ops, mut halts) = (Vec::new(), BTreeMap::new());
        for (send, heard) in self.hear(tenant, &sends).await? {
            ops.extend(heard.step);
            halts.extend(heard.halt.map(|why| (send.campaign, why)));
        }
        for (id, why) in halts {
            let Some(campaign) = self.desk.store.campaign(tenant, id).await? else { continue };
            if campaign.state == CampaignState::Running {
                let at = self.desk.ambient.now();
                let mut op = moved(tenant, &campaign, CampaignState::Paused, at);
                op.why = Some(why.as_str().to_owned());
                ops.push(Op::MoveCampaign(op));
            }
        }
        if ops.is_empty() {
            return Ok(());
        }
        self.commit(fence, ops).await
    }
}

/// Until somebody decides.
const HELD: UnixMs = UnixMs(9_999_999_999_999);
