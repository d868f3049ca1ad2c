//! The day after: the database is lost, and a backup made in the storm is put
//! in its place.
//!
//! What came since is not in it, and that is told to whoever restores. It must
//! not do again what was done: nothing that is on a phone is sent once more,
//! and Salesforce keeps each row once, with the status it had.

use std::time::Duration;

use model::Ambient;
use sim_disk::Disk;
use store::op::HoldRaised;
use store::{Commit, HoldWhy, Op, StoreError};

use super::check;
use super::disk;
use super::facts::Facts;
use super::kind::Kind;
use super::run::Run;

/// Held sends are asked about after one minute and after two more.
const AFTERWARDS: Duration = Duration::from_secs(5 * 60);
const LOOK: Duration = Duration::from_secs(1);

impl Run {
    /// Restores the backup, if one was made, and says what that did twice.
    pub(super) async fn restored(&mut self, before: &Facts) -> Result<Vec<check::Wrong>, String> {
        let Some(backup) = self.fate.take_copy() else { return Ok(Vec::new()) };
        self.story.tell(|| "the database is lost, and the backup restored".into());
        self.outside.tally.count(Kind::Restored);
        self.outside.front.shut();
        if let Some(process) = self.process.take() {
            let store = process.kill().await;
            disk::cut(store, &mut self.seed).await;
        }
        hold(backup, &self.birth.ambient).await.map_err(|error| error.to_string())?;
        self.begin().await?;
        let until = self.outside.clock.now_ms() + AFTERWARDS.as_millis() as i64;
        while self.outside.clock.now_ms() < until {
            self.step(LOOK).await?;
        }
        Ok(check::restored(before, &Facts::remote(&self.outside, before)))
    }
}

/// As `puente restore` does before the first start.
async fn hold(backup: Disk, ambient: &Ambient) -> Result<(), StoreError> {
    sim_disk::with(|disk| *disk = backup);
    sim_disk::with(Disk::steady);
    let store = disk::open(ambient)?;
    let hold = HoldRaised { at: ambient.now(), why: HoldWhy::Restored };
    store.commit(Commit::of(vec![Op::Hold(hold)])).await?;
    store.close().await;
    Ok(())
}
