//! How much waits where, since when, and for how long at the pace of late.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::UnixMs;
use model::ids::TenantId;
use parking_lot::Mutex;
use rules::drain::Trend;
use store::{Depths, StoreError};

use super::Board;

/// Where work waits for a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum QueueKind {
    /// Webhooks that are on disk and not read yet. They belong to no tenant.
    Journal,
    /// Sends that wait for Meta.
    Outbox,
    /// Rows that Salesforce must come to show.
    Salesforce,
    /// Files on their way, to Salesforce or to Meta.
    Files,
}

impl QueueKind {
    pub const ALL: [Self; 4] = [Self::Journal, Self::Outbox, Self::Salesforce, Self::Files];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::Outbox => "outbox",
            Self::Salesforce => "salesforce",
            Self::Files => "files",
        }
    }

    /// How long it is, and when its oldest came.
    pub fn of(self, depths: &Depths) -> (u64, Option<UnixMs>) {
        match self {
            Self::Journal => (depths.journal, depths.journal_oldest),
            Self::Outbox => (depths.outbox_queued, depths.outbox_oldest),
            Self::Salesforce => (depths.sync_due, depths.sync_oldest),
            Self::Files => (depths.media_due, depths.media_oldest),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    pub kind: QueueKind,
    pub length: u64,
    pub oldest_at: Option<UnixMs>,
    /// `None` while it does not get shorter, or in the first minute of a process.
    pub drains_in_s: Option<u64>,
    /// Shares of the backlog that are on their way by Bulk jobs.
    pub bulk_jobs: u64,
}

/// Paces by tenant (`None`: all together), learned anew by each process.
#[derive(Clone, Debug, Default)]
pub struct Trends(Arc<Mutex<BTreeMap<Whose, Trend>>>);

type Whose = (Option<TenantId>, QueueKind);

impl Trends {
    pub fn see(&self, tenant: Option<&TenantId>, at: UnixMs, depths: &Depths) {
        let mut trends = self.0.lock();
        for kind in QueueKind::ALL {
            let (length, _) = kind.of(depths);
            trends.entry((tenant.cloned(), kind)).or_default().see(at, length);
        }
    }

    pub fn drains_in_s(&self, tenant: Option<&TenantId>, kind: QueueKind) -> Option<u64> {
        self.0.lock().get(&(tenant.cloned(), kind))?.drains_in_s()
    }
}

impl Board {
    /// Of one tenant. The journal is everybody's.
    pub async fn queues(&self, tenant: &TenantId) -> Result<Vec<Queue>, StoreError> {
        let depths = self.store.depths(Some(tenant)).await?;
        let queue = |kind: QueueKind| {
            let (length, oldest_at) = kind.of(&depths);
            let foretold = self.trends.drains_in_s(Some(tenant), kind);
            Queue {
                kind,
                length,
                oldest_at,
                // what is empty by now needs no forecast
                drains_in_s: if length == 0 { Some(0) } else { foretold },
                bulk_jobs: if kind == QueueKind::Salesforce { depths.bulk_jobs } else { 0 },
            }
        };
        Ok(QueueKind::ALL.into_iter().map(queue).collect())
    }
}
