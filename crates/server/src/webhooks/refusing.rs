//! A store that takes nothing is told of once, and once when it takes again:
//! the log may lie on the disk that is full.

use std::sync::atomic::{AtomicU64, Ordering};

use store::StoreError;

/// Webhooks refused since the last one that was stored.
#[derive(Default)]
pub struct Refusing(AtomicU64);

impl Refusing {
    pub fn one(&self, error: &StoreError) {
        if self.0.fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::error!(%error, "webhooks cannot be stored; Meta is asked to come again");
        }
    }

    pub fn over(&self) {
        if self.0.load(Ordering::Relaxed) == 0 {
            return;
        }
        let refused = self.0.swap(0, Ordering::Relaxed);
        if refused > 0 {
            tracing::info!(refused, "webhooks are stored again");
        }
    }
}
