//! Who writes to the org, and how much they may call.

use store::{Commit, Fence, StoreError};

use super::claim::Writer;
use crate::budget::LIMITS;
use crate::hold;

impl Writer {
    /// One process writes to an org: it alone knows which parents are held and
    /// counts the calls. Who has just begun learns what the one before counted.
    pub(super) async fn hold(&self) -> Result<Option<Fence>, StoreError> {
        if !self.is_asked().await? {
            return Ok(None);
        }
        let fence = self.lease.hold().await?;
        let known = self.tempo.lock().fence.clone();
        if fence.is_some() && fence != known {
            self.governor.reload(&self.store).await?;
        }
        self.governor.hold(fence.is_some());
        self.tempo.lock().fence.clone_from(&fence);
        Ok(fence)
    }

    /// After a restore, Salesforce is asked before it is written to.
    async fn is_asked(&self) -> Result<bool, StoreError> {
        if !self.tempo.lock().asked {
            let asked = hold::is_asked(&self.store, &self.tenant).await?;
            self.tempo.lock().asked = asked;
        }
        Ok(self.tempo.lock().asked)
    }

    /// Asks the org how much is used when no answer has told it for long.
    pub(super) async fn ask_usage(&self) -> Result<(), StoreError> {
        if !self.governor.is_stale(self.ambient.now()) {
            return Ok(());
        }
        self.governor.spend(LIMITS, self.ambient.now());
        // a refusal tells it, too
        if let Err(fault) = self.client.limits().await {
            tracing::info!(tenant = %self.tenant, code = %fault.code, "the org did not tell its limits");
        }
        let now = self.ambient.now();
        self.governor.read(self.client.budget(), now);
        let step = self.governor.step(now);
        self.store.commit(Commit::of(step.ops().collect())).await?;
        self.governor.noted(step);
        Ok(())
    }
}
