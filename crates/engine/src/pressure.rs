//! Receiving goes before working off.
//!
//! Both want the same processor and the same writer. What is stored can wait,
//! what is not stored yet cannot: Meta gives a webhook a few seconds. So the
//! intake gives way while many webhooks wait for their commit, yet never for
//! long at a time: it slows down, it does not stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Webhooks waiting for their commit at once. A busy number alone stays below
/// it; a storm of redeliveries does not.
const WAITING_MANY: usize = 24;
/// Looks for calm this often, and this many times at most.
const LOOK: Duration = Duration::from_millis(5);
const LOOKS_MAX: u32 = 40;

/// How many webhooks wait for their commit.
#[derive(Clone, Debug, Default)]
pub struct Pressure(Arc<AtomicUsize>);

/// One webhook that waits, until it is dropped.
pub struct Waiting(Arc<AtomicUsize>);

impl Pressure {
    pub fn waits(&self) -> Waiting {
        self.0.fetch_add(1, Ordering::Relaxed);
        Waiting(self.0.clone())
    }

    /// Returns when few wait, and in any case after 200 ms.
    pub async fn give_way(&self) {
        for _ in 0..LOOKS_MAX {
            if self.0.load(Ordering::Relaxed) < WAITING_MANY {
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    #[expect(clippy::disallowed_methods, reason = "the time is the test's own, and paused")]
    async fn way_given(pressure: &Pressure) -> Duration {
        let began = Instant::now();
        pressure.give_way().await;
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_storm_is_given_way_and_never_without_end() {
        let pressure = Pressure::default();
        let mut storm: Vec<_> = (1..WAITING_MANY).map(|_| pressure.waits()).collect();
        assert_eq!(way_given(&pressure).await, Duration::ZERO, "an ordinary load slows nothing");
        storm.push(pressure.waits());
        assert_eq!(way_given(&pressure).await, LOOK * LOOKS_MAX);
        drop(storm);
        assert_eq!(way_given(&pressure).await, Duration::ZERO, "what was answered waits no more");
    }
}
