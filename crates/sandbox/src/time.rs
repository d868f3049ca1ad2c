//! The simulators' time and chance, as the engine takes them.

use std::sync::Arc;

use model::{Ambient, Chance, Clock, UnixMs};
use parking_lot::Mutex;
use sim_kit::{Seed, SimClock};

/// One clock for both sides.
pub struct SimTime(pub SimClock);

impl Clock for SimTime {
    fn wall(&self) -> UnixMs {
        UnixMs(self.0.now_ms())
    }

    fn mono(&self) -> i64 {
        self.0.now_ms()
    }
}

pub struct SeededChance(Mutex<Seed>);

impl SeededChance {
    pub fn new(seed: &Seed) -> Self {
        Self(Mutex::new(seed.fork("engine")))
    }
}

impl Chance for SeededChance {
    fn fill(&self, out: &mut [u8]) {
        self.0.lock().fill(out);
    }
}

pub fn ambient(clock: &SimClock, seed: &Seed) -> Ambient {
    Ambient { clock: Arc::new(SimTime(clock.clone())), chance: Arc::new(SeededChance::new(seed)) }
}
