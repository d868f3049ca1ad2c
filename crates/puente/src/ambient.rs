//! The real clock and real chance: the only place that takes them from the air.

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use model::{Ambient, Chance, Clock, UnixMs};

struct SystemClock {
    started: Instant,
}

impl Clock for SystemClock {
    fn wall(&self) -> UnixMs {
        #[expect(clippy::disallowed_methods, reason = "this is the clock that is handed in")]
        let now = SystemTime::now();
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixMs(since.as_millis() as i64)
    }

    fn mono(&self) -> i64 {
        self.started.elapsed().as_millis() as i64
    }
}

struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, out: &mut [u8]) {
        // fails only where the system has no source of randomness at all
        if let Err(error) = aws_lc_rs::rand::fill(out) {
            panic!("the system gives no random bytes: {error}");
        }
    }
}

pub fn system() -> Ambient {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is handed in")]
    let started = Instant::now();
    Ambient { clock: Arc::new(SystemClock { started }), chance: Arc::new(SystemChance) }
}
