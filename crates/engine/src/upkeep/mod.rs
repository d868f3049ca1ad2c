//! What time itself asks for: orphaned attempts, uncertain sends that waited
//! long enough, rows whose time has passed, queues that grew old, messages that
//! Meta took and does not deliver.
//!
//! Promise: every step is small, repeatable and bounded, and none of them
//! calls a remote.

mod charges;
mod orphans;
mod purge;
mod queues;
mod uncertain;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::ids::TenantId;
use model::{Ambient, UnixMs};
use parking_lot::Mutex;
use rules::uncertain::Rule;
use store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::board::Trends;
use crate::nudge::{Nudge, Nudges, Woken, outlast};

const TICK: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub struct Upkeep {
    pub store: Store,
    pub ambient: Ambient,
    pub nudges: Nudges,
    /// What each tenant wants done about sends whose answer was lost.
    pub uncertain: BTreeMap<TenantId, Vec<Rule>>,
    /// Attempts begun before this time belong to a process that is gone; known
    /// only to a process that works alone.
    pub abandoned_before: Option<UnixMs>,
    pub trends: Trends,
    pub seen: Arc<Mutex<queues::Seen>>,
    /// When undelivered messages were looked for last.
    pub charges_at: Arc<Mutex<Option<UnixMs>>>,
}

impl Upkeep {
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        let timer = Nudge::default();
        loop {
            self.turn().await.or_else(|error| outlast("upkeep", error))?;
            if timer.wait(TICK, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }

    pub async fn turn(&self) -> Result<(), StoreError> {
        orphans::settle(self).await?;
        uncertain::turn(self).await?;
        queues::turn(self).await?;
        charges::turn(self).await?;
        purge::turn(self).await
    }
}
