//! Opportunities of what customers write: decided here, by what each message
//! says, and made in Salesforce, one a conversation at most.
//!
//! The stream of events says which messages came; until which it was read stands
//! in a cursor that is committed with what was decided. A decision is kept with
//! the record's link before anything is called.

mod decide;
mod make;
mod won;

use std::sync::Arc;
use std::time::Duration;

use model::ids::TenantId;
use model::{UnixMs, Urgency};
use parking_lot::Mutex;
use store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

use super::active::Routings;
use super::targets::TargetsKept;
use crate::hours::HoursInUse;
use crate::lease::Lease;
use crate::nudge::{Nudges, Woken, outlast};
use crate::org::Org;

const TICK: Duration = Duration::from_secs(2);
/// While no rule makes one.
const IDLE: Duration = Duration::from_secs(30);
const KEY: &str = "Puente_Create_Key__c";
/// After the org did not answer.
const AWAY_MS: i64 = 30_000;

/// The worker of one tenant.
#[derive(Clone)]
pub struct Opportunities {
    pub tenant: TenantId,
    pub store: Store,
    pub org: Org,
    pub routings: Routings,
    pub targets: TargetsKept,
    pub hours: HoursInUse,
    pub lease: Lease,
    pub nudges: Nudges,
    pub tempo: Arc<Mutex<Tempo>>,
}

#[derive(Debug)]
pub struct Tempo {
    /// The org is left alone until then.
    away_until: UnixMs,
    /// When Salesforce was last asked what became of them.
    looked_at: Option<UnixMs>,
    /// Of one call: fewer once the org's own code took them only in small batches.
    rows_max: u32,
}

impl Default for Tempo {
    fn default() -> Self {
        Self { away_until: UnixMs(0), looked_at: None, rows_max: 200 }
    }
}

impl Opportunities {
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        loop {
            let pause = tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                done = self.turn() => match done {
                    Ok(pause) => pause,
                    Err(error) => {
                        self.lease.lost();
                        outlast("opportunities", error).map(|()| TICK)?
                    }
                },
            };
            if self.nudges.opportunities.wait(pause, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }

    async fn turn(&self) -> Result<Duration, StoreError> {
        let active = self.routings.active(&self.tenant).await?;
        let now = self.org.ambient.now();
        let decides = !active.routing.opportunities.is_empty();
        // what was decided is made also when the rules are gone
        let due = self.store.opportunity_links_due(&self.tenant, now, 1).await?;
        if !decides && due.is_empty() && !self.store.has_deals(&self.tenant).await? {
            self.forget().await?;
            return Ok(IDLE);
        }
        if self.lease.hold().await?.is_none() {
            return Ok(IDLE);
        }
        match decides {
            true => self.decide(&active).await?,
            false => self.forget().await?,
        }
        let away = self.tempo.lock().away_until > now
            || self.org.governor.may_call(Urgency::Live, true, now).is_err();
        if !away {
            let mut done = self.make(&active).await?;
            if done.is_ok() {
                done = self.look().await?;
            }
            if let Err(fault) = done {
                tracing::warn!(tenant = %self.tenant, %fault, "opportunities wait for the org");
                self.tempo.lock().away_until = now.plus(AWAY_MS);
            }
        }
        Ok(TICK)
    }
}
