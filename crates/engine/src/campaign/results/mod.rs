//! What became of a campaign's members, shown by the members of a campaign in
//! Salesforce.
//!
//! Each look reads how they stand before it writes, so that a lost answer, a
//! crash or an admin's own change costs one more look and nothing else.

mod write;

use std::sync::Arc;
use std::time::Duration;

use model::ids::TenantId;
use model::{Fault, RetryPolicy, UnixMs, Urgency};
use parking_lot::Mutex;
use store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::lease::Lease;
use crate::nudge::{Nudge, Woken, outlast};
use crate::org::Org;

const TICK: Duration = Duration::from_secs(15);
/// Members in one look: what one collection of records holds.
const IN_ONE_LOOK: u32 = 200;
/// Of looks that the org did not answer.
const AWAY: RetryPolicy =
    RetryPolicy { first_ms: 30_000, max_ms: 1_800_000, attempts_max: u32::MAX };

/// The worker of one tenant.
#[derive(Clone)]
pub struct Results {
    pub tenant: TenantId,
    pub store: Store,
    pub org: Org,
    pub lease: Lease,
    pub away: Arc<Mutex<Away>>,
}

/// Since when the org does not answer.
#[derive(Debug)]
pub struct Away {
    failures: u32,
    until: UnixMs,
    /// What an administrator must lift, not told yet.
    asked: Option<String>,
}

impl Default for Away {
    fn default() -> Self {
        Self { failures: 0, until: UnixMs(0), asked: None }
    }
}

impl Results {
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        let timer = Nudge::default();
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                done = self.turn() => done.or_else(|error| {
                    self.lease.lost();
                    outlast("campaign results", error)
                })?,
            }
            if timer.wait(TICK, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }

    async fn turn(&self) -> Result<(), StoreError> {
        loop {
            let now = self.org.ambient.now();
            if self.away.lock().until > now {
                return Ok(());
            }
            let open = self.store.campaigns_unshown(&self.tenant, now).await?;
            let Some(campaign) = open.first() else { return Ok(()) };
            let Some(fence) = self.lease.hold().await? else { return Ok(()) };
            if self.org.governor.may_call(Urgency::Status, true, now).is_err() {
                return Ok(());
            }
            match self.look(&fence, campaign).await? {
                Ok(()) => *self.away.lock() = Away::default(),
                Err(fault) => self.wait(&fault, now),
            }
        }
    }

    fn wait(&self, fault: &Fault, now: UnixMs) {
        let mut away = self.away.lock();
        away.failures += 1;
        let pause = AWAY.delay(away.failures, None, &*self.org.ambient.chance);
        away.until = now.plus(pause.unwrap_or(AWAY.max_ms));
        tracing::warn!(tenant = %self.tenant, %fault, "results of campaigns wait for the org");
    }
}
