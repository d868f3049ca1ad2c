//! Take the next journal rows, in order, and work them off.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::Ambient;
use model::ids::InstallationId;
use parking_lot::Mutex;
use store::{Commit, Fence, JournalEntry, Op, Store, StoreError};

use super::{ALONE_FROM_ATTEMPT, ATTEMPTS_MAX, ROWS_MAX};
use crate::directory::Directory;
use crate::hours::HoursInUse;
use crate::lease::Lease;
use crate::mark::Gate;
use crate::nudge::Nudges;
use crate::outbound::Pace;

pub const LEASE: &str = "intake";

#[derive(Clone)]
pub struct Intake {
    pub store: Store,
    pub ambient: Ambient,
    pub directory: Directory,
    pub hours: HoursInUse,
    pub nudges: Nudges,
    pub pace: Pace,
    /// How long a change of status may wait for company on its way to Salesforce.
    pub status_delay_ms: i64,
    /// Ours: trackers of others are registered, never merged.
    pub installation: InstallationId,
    /// Tells whether a status may be about a send that is held.
    pub gate: Gate,
    pub lease: Lease,
    /// Rows whose attempt was counted and whose work ended without a verdict,
    /// because the store had no room or did not answer: that is nothing against
    /// them, and they are not counted again while this process lives.
    pub counted: Arc<Mutex<BTreeSet<i64>>>,
}

impl Intake {
    /// Works off what the journal holds. `true`: there may be more at once.
    pub async fn turn(&self) -> Result<bool, StoreError> {
        let done = self.rows().await;
        if let Err(StoreError::Fenced) = done {
            self.lease.lost();
        }
        done
    }

    async fn rows(&self) -> Result<bool, StoreError> {
        let rows = self.store.journal_next(ROWS_MAX).await?;
        if rows.is_empty() {
            return Ok(false);
        }
        let Some(fence) = self.lease.hold().await? else {
            return Ok(false);
        };
        let (worn, fresh): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.attempts >= ATTEMPTS_MAX);
        for row in worn {
            self.set_aside(&fence, &row).await?;
        }
        if fresh.is_empty() {
            return Ok(true);
        }
        let alone: BTreeSet<i64> = fresh
            .iter()
            .filter(|row| row.attempts + 1 >= ALONE_FROM_ATTEMPT)
            .map(|row| row.seq)
            .collect();
        for group in fresh.chunk_by(|a, b| !alone.contains(&a.seq) && !alone.contains(&b.seq)) {
            self.count(&fence, group).await?;
            self.work(&fence, group).await?;
            self.counted.lock().retain(|seq| group.iter().all(|row| row.seq != *seq));
        }
        Ok(true)
    }

    /// Counts the attempt before the work, and only of rows whose work is next:
    /// a body that ends the process is no mark against those behind it.
    async fn count(&self, fence: &Fence, group: &[JournalEntry]) -> Result<(), StoreError> {
        let uncounted = |seq: &i64| !self.counted.lock().contains(seq);
        let seqs: Vec<i64> = group.iter().map(|row| row.seq).filter(uncounted).collect();
        if seqs.is_empty() {
            return Ok(());
        }
        let count = vec![Op::JournalAttempt { seqs: seqs.clone() }];
        self.store.commit(Commit::fenced(fence.clone(), count)).await?;
        self.counted.lock().extend(seqs);
        Ok(())
    }

    /// One commit for the group; when it meets another writer (a send that
    /// made the same person), row by row with fresh reads.
    async fn work(&self, fence: &Fence, group: &[JournalEntry]) -> Result<(), StoreError> {
        match self.settle(fence, group).await {
            Err(StoreError::Conflict(_)) => {}
            other => return other,
        }
        for row in group {
            let mut tries = 0;
            loop {
                match self.settle(fence, std::slice::from_ref(row)).await {
                    Err(StoreError::Conflict(_)) if tries < 8 => tries += 1,
                    Err(StoreError::Conflict(what)) => {
                        tracing::error!(
                            seq = row.seq,
                            what,
                            "a body met a conflict again and again"
                        );
                        break; // its attempt is counted; it comes again, and is set aside in the end
                    }
                    other => {
                        other?;
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    async fn set_aside(&self, fence: &Fence, row: &JournalEntry) -> Result<(), StoreError> {
        tracing::error!(seq = row.seq, attempts = row.attempts, "a body is set aside");
        let aside = Op::JournalAside {
            seq: row.seq,
            at: self.ambient.now(),
            code: "puente.poison_body".into(),
        };
        self.store.commit(Commit::fenced(fence.clone(), vec![aside])).await?;
        Ok(())
    }
}
