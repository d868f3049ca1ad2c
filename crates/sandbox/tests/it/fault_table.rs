//! The faults that bridges of this kind are known for, a test each. It tries to
//! bring its fault about in every way we know, counts how often that worked,
//! and the count is zero. The table is in `docs/guarantee.md`.

mod campaigns;
mod inbound;
mod outbound;
mod records;
mod statuses;

use std::sync::Arc;

use store::Probe;

use crate::kill::Fate;
use crate::world::World;

const HOUR_MS: i64 = 3_600_000;

/// What one test tried and found.
struct Count {
    fault: &'static str,
    tried: usize,
    found: Vec<String>,
}

impl Count {
    fn of(fault: &'static str) -> Self {
        Self { fault, tried: 0, found: Vec::new() }
    }

    /// `good`: this one time the fault did not happen.
    fn tried(&mut self, good: bool, what: impl FnOnce() -> String) {
        self.tried += 1;
        if !good {
            self.found.push(what());
        }
    }

    /// A table that was never put to the test proves nothing.
    fn closed(self, tries_min: usize) {
        let Self { fault, tried, found } = self;
        println!("{fault}: tried {tried} times, found {}", found.len());
        assert!(tried >= tries_min, "{fault}: tried only {tried} times");
        assert!(found.is_empty(), "{fault}: {} of {tried}: {found:#?}", found.len());
    }
}

fn probe(fate: &Arc<Fate>) -> Option<Arc<dyn Probe>> {
    Some(fate.clone())
}

/// Waits until the kill struck, and starts again; or goes on when nothing is
/// left for it to strike.
async fn after(world: World, fate: &Fate, patience_ms: i64) -> World {
    let began = world.now();
    while !fate.struck() && world.now().since(began) < patience_ms {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    world.restarted(None).await
}
