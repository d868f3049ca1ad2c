//! Our own clock beside the world's: its wall may jump, its monotonic part
//! never does. Both remotes keep the right time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use model::{Clock, UnixMs};
use sim_kit::SimClock;

#[derive(Clone)]
pub struct OurTime {
    world: SimClock,
    ahead_ms: Arc<AtomicI64>,
}

impl OurTime {
    pub fn new(world: SimClock) -> Self {
        Self { world, ahead_ms: Arc::default() }
    }

    pub fn jump(&self, ms: i64) {
        self.ahead_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for OurTime {
    fn wall(&self) -> UnixMs {
        UnixMs(self.world.now_ms() + self.ahead_ms.load(Ordering::Relaxed))
    }

    fn mono(&self) -> i64 {
        self.world.now_ms()
    }
}
