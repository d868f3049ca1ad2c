//! Time that a test moves and chance that repeats.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use model::{Ambient, Chance, Clock, UnixMs};

pub const T0: UnixMs = UnixMs(1_780_000_000_000);

pub struct TestClock(AtomicI64);

#[allow(dead_code, reason = "not every suite moves the time")]
impl TestClock {
    pub fn forward(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn wall(&self) -> UnixMs {
        UnixMs(self.0.load(Ordering::Relaxed))
    }

    fn mono(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// SplitMix64 over a counter: different bytes each time, the same each run.
struct Seeded(AtomicU64);

impl Chance for Seeded {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

pub fn ambient(seed: u64) -> (Ambient, Arc<TestClock>) {
    let clock = Arc::new(TestClock(AtomicI64::new(T0.0)));
    let chance = Arc::new(Seeded(AtomicU64::new(seed << 32)));
    (Ambient { clock: clock.clone(), chance }, clock)
}
