//! Which way rows go to Salesforce: by calls alone, or a backlog by jobs beside
//! them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::UnixMs;

/// What was wanted before this much time is backlog while there is one.
const FRESH_MS: i64 = 30_000;

/// Of one tenant. Learned again after a start.
#[derive(Clone, Debug, Default)]
pub struct Way {
    by_jobs: Arc<AtomicBool>,
    under_way: Arc<AtomicBool>,
}

impl Way {
    /// While jobs are about: rows wanted up to then are of the backlog, and their
    /// people's later ones wait for them.
    pub fn since(&self, now: UnixMs) -> Option<UnixMs> {
        self.busy().then(|| backlog_since(now))
    }

    /// The backlog is long, and shares of it are claimed.
    pub fn by_jobs(&self) -> bool {
        self.by_jobs.load(Ordering::Relaxed)
    }

    /// Shares of a backlog are claimed or not yet at their end: their people's
    /// Leads and Cases come by calls meanwhile.
    pub fn busy(&self) -> bool {
        self.by_jobs() || self.under_way.load(Ordering::Relaxed)
    }

    /// Whether it changed.
    pub(super) fn set(&self, by_jobs: bool) -> bool {
        self.by_jobs.swap(by_jobs, Ordering::Relaxed) != by_jobs
    }

    pub(super) fn under_way(&self, jobs: bool) {
        self.under_way.store(jobs, Ordering::Relaxed);
    }
}

pub(super) fn backlog_since(now: UnixMs) -> UnixMs {
    now.plus(-FRESH_MS)
}
