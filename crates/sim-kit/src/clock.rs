//! The simulators' time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Wall time of a simulator, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Driven by tokio's clock, so that a test with paused time owns it; or by the
/// real wall for `puente sandbox`. A skew shifts either, which is how a remote
/// whose clock is wrong is played.
#[derive(Clone, Debug)]
pub struct SimClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    source: Source,
    skew_ms: AtomicI64,
}

#[derive(Debug)]
enum Source {
    Tokio { base_ms: i64, start: Instant },
    Wall,
}

impl SimClock {
    /// Starts at `base_ms` and runs with tokio's time from here on.
    pub fn starting_at(base_ms: i64) -> Self {
        Self::of(Source::Tokio { base_ms, start: instant() })
    }

    /// The machine's own wall clock.
    pub fn real() -> Self {
        Self::of(Source::Wall)
    }

    fn of(source: Source) -> Self {
        Self(Arc::new(Inner { source, skew_ms: AtomicI64::new(0) }))
    }

    pub fn now_ms(&self) -> i64 {
        let now = match &self.0.source {
            Source::Tokio { base_ms, start } => {
                base_ms + instant().duration_since(*start).as_millis() as i64
            }
            Source::Wall => wall_ms(),
        };
        now + self.0.skew_ms.load(Ordering::Relaxed)
    }

    pub fn now_secs(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    /// Shifts the wall by `ms` against its source; replaces an earlier skew.
    pub fn set_skew_ms(&self, ms: i64) {
        self.0.skew_ms.store(ms, Ordering::Relaxed);
    }

    /// Waits in tokio's time; the skew plays no part. At once for `ms <= 0`.
    pub async fn sleep_ms(&self, ms: i64) {
        if let Ok(ms @ 1..) = u64::try_from(ms) {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the one clock of the simulators")]
fn instant() -> Instant {
    Instant::now()
}

#[allow(clippy::disallowed_methods, reason = "this is the one clock of the simulators")]
fn wall_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn paused_time_drives_the_wall() {
        let clock = SimClock::starting_at(1_000_000);
        clock.sleep_ms(2_500).await;
        assert_eq!(clock.now_ms(), 1_002_500);
        clock.set_skew_ms(-2_500);
        assert_eq!((clock.now_ms(), clock.now_secs()), (1_000_000, 1_000));
        clock.sleep_ms(-1).await;
        assert_eq!(clock.now_ms(), 1_000_000);
    }
}
