//! Work that one process does at a time, for as long as it renews its lease.

use std::sync::Arc;

use model::Ambient;
use parking_lot::Mutex;
use store::op::TakeLease;
use store::{Commit, Did, Fence, Op, Store, StoreError};

const LEASE_MS: i64 = 30_000;
/// It is renewed when this much of it has passed; commits are fenced, so a
/// lease that was lost earlier is noticed all the same.
const RENEW_MS: i64 = LEASE_MS / 3;

#[derive(Clone)]
pub struct Lease {
    pub store: Store,
    pub ambient: Ambient,
    pub name: String,
    /// Name of this process among the holders of leases.
    pub holder: String,
    /// As it was taken last, and when, in monotonic time.
    pub taken: Arc<Mutex<Option<(Fence, i64)>>>,
}

impl Lease {
    /// Takes or renews it where that is due. `None`: another process has it.
    pub async fn hold(&self) -> Result<Option<Fence>, StoreError> {
        let now = self.ambient.clock.mono();
        if let Some((fence, taken)) = &*self.taken.lock()
            && now - taken < RENEW_MS
        {
            return Ok(Some(fence.clone()));
        }
        let fence = self.take().await?;
        *self.taken.lock() = fence.clone().map(|fence| (fence, now));
        Ok(fence)
    }

    /// A commit was refused: another process holds it by now.
    pub fn lost(&self) {
        *self.taken.lock() = None;
    }

    async fn take(&self) -> Result<Option<Fence>, StoreError> {
        let name = self.name.clone();
        let take =
            TakeLease { name: name.clone(), holder: self.holder.clone(), lease_ms: LEASE_MS };
        let did = self.store.commit(Commit::of(vec![Op::TakeLease(take)])).await?;
        Ok(match did.first() {
            Some(Did::Lease(Some(epoch))) => Some(Fence::Lease { name, epoch: *epoch }),
            _ => None,
        })
    }
}
