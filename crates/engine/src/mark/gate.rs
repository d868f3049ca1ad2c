//! Closed until the mark of every tenant was looked at. Also tells, without
//! asking the store, whether sends are held.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::ids::TenantId;
use parking_lot::Mutex;

#[derive(Clone, Debug, Default)]
pub struct Gate {
    waiting: Arc<Mutex<BTreeSet<TenantId>>>,
    held: Arc<AtomicBool>,
}

impl Gate {
    /// Closed until each of them has passed.
    pub fn closed_for(tenants: impl IntoIterator<Item = TenantId>) -> Self {
        let waiting = Arc::new(Mutex::new(tenants.into_iter().collect()));
        Self { waiting, held: Arc::default() }
    }

    pub fn pass(&self, tenant: &TenantId) {
        self.waiting.lock().remove(tenant);
    }

    pub fn is_open(&self) -> bool {
        self.waiting.lock().is_empty()
    }

    pub fn waits_for(&self, tenant: &TenantId) -> bool {
        self.waiting.lock().contains(tenant)
    }

    /// What the store last said: known soon after a start and a change.
    pub fn is_held(&self) -> bool {
        self.held.load(Ordering::Relaxed)
    }

    pub fn set_held(&self, held: bool) {
        self.held.store(held, Ordering::Relaxed);
    }
}
