//! Which way rows go to Salesforce: by calls alone, or a backlog by jobs beside
//! them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::UnixMs;

/// What was wanted before this much time is backlog while there is one.
const FRESH_MS: i64 = 30_000;

/// Of one tenant. Learned again after a start.
#[derive(Clone, Debug, Default)]
pub struct Way(Arc<AtomicBool>);

impl Way {
    /// While a backlog goes by jobs: rows wanted up to then are of it, and their
    /// people's later ones wait for them.
    pub fn since(&self, now: UnixMs) -> Option<UnixMs> {
        self.by_jobs().then(|| backlog_since(now))
    }

    pub fn by_jobs(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Whether it changed.
    pub(super) fn set(&self, by_jobs: bool) -> bool {
        self.0.swap(by_jobs, Ordering::Relaxed) != by_jobs
    }
}

pub(super) fn backlog_since(now: UnixMs) -> UnixMs {
    now.plus(-FRESH_MS)
}
