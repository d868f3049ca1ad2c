//! Waking a worker. A nudge carries no data: the store is the truth, and a
//! lost nudge costs at most one tick of the worker's timer.

use std::sync::Arc;
use std::time::Duration;

use model::Ambient;
use store::StoreError;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

const TOLD_AGAIN: Duration = Duration::from_millis(250);

#[derive(Clone, Debug, Default)]
pub struct Nudge(Arc<Notify>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    Work,
    Stop,
}

impl Nudge {
    /// One pending nudge is kept when nobody waits.
    pub fn wake(&self) {
        self.0.notify_one();
    }

    /// Returns at a nudge, after `tick`, or when `stop` is cancelled.
    pub async fn wait(&self, tick: Duration, stop: &CancellationToken) -> Woken {
        tokio::select! {
            biased;
            () = stop.cancelled() => Woken::Stop,
            () = self.0.notified() => Woken::Work,
            () = tokio::time::sleep(tick) => Woken::Work,
        }
    }
}

/// What a turn met that the next turn may not meet: no room, no database,
/// another writer. Anything else ends the worker, and with it the process.
pub fn outlast(worker: &'static str, error: StoreError) -> Result<(), StoreError> {
    match error {
        StoreError::Broken(_) | StoreError::Sealed(_) => Err(error),
        passing => {
            tracing::warn!(worker, error = %passing, "a turn is made again");
            Ok(())
        }
    }
}

/// For what a remote did already and only the store does not know: it is told
/// again while there is no room or no database, for some time.
pub struct Patience {
    until_ms: i64,
}

impl Patience {
    pub fn of(ambient: &Ambient, for_ms: i64) -> Self {
        Self { until_ms: ambient.clock.mono() + for_ms }
    }

    /// Whether to try again after this; then a moment has passed.
    pub async fn again<T>(&self, ambient: &Ambient, done: &Result<T, StoreError>) -> bool {
        let passing = matches!(done, Err(StoreError::Full(_) | StoreError::Unreachable(_)));
        if !passing || ambient.clock.mono() >= self.until_ms {
            return false;
        }
        tokio::time::sleep(TOLD_AGAIN).await;
        true
    }
}

/// One for each worker that others wake.
#[derive(Clone, Debug, Default)]
pub struct Nudges {
    pub intake: Nudge,
    pub outbound: Nudge,
    pub writer: Nudge,
    pub media: Nudge,
    pub endings: Nudge,
    pub opportunities: Nudge,
    pub reports: Nudge,
    pub metrics: Nudge,
    pub templates: Nudge,
    pub campaigns: Nudge,
}
