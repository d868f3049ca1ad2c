//! What all parts of the simulator share.

use parking_lot::Mutex;
use sim_kit::{Gate, Seed, SimClock};
use tokio::sync::Semaphore;

use crate::bulk::Jobs;
use crate::config::{Config, Latency};
use crate::locks::Locks;
use crate::oauth::Auth;
use crate::org::Org;
use crate::rest::Usage;
use crate::traffic::Road;

pub struct Shared {
    pub config: Config,
    pub gate: Gate,
    pub org: Mutex<Org>,
    pub auth: Mutex<Auth>,
    pub usage: Mutex<Usage>,
    pub locks: Locks,
    pub road: Road,
    pub jobs: Mutex<Jobs>,
    /// Bulk batches that are worked off at once.
    pub bulk_turns: Semaphore,
    pub latency: Mutex<Latency>,
    seed: Mutex<Seed>,
}

impl Shared {
    /// Fails with a sentence that names what is wrong in the configuration or the package.
    pub fn new(config: Config, clock: SimClock, seed: &Seed) -> Result<Self, String> {
        let now = clock.now_ms();
        let first_id = 1_000_000 + seed.fork("ids").below(1_000_000_000);
        let org = Org::new(&config, first_id, now)?;
        let auth = Auth::new(&config, &org, seed.fork("tokens"))?;
        Ok(Self {
            gate: Gate::new(clock, seed),
            usage: Mutex::new(Usage::new(config.daily_api_requests)),
            latency: Mutex::new(config.latency),
            org: Mutex::new(org),
            auth: Mutex::new(auth),
            locks: Locks::default(),
            road: Road::default(),
            jobs: Mutex::new(Jobs::new(first_id)),
            bulk_turns: Semaphore::new(config.bulk_batches_at_once),
            seed: Mutex::new(seed.fork("latency")),
            config,
        })
    }

    /// The time that a call takes before it does anything. Gives back what it
    /// takes more than usual, which is spent where it works ([`Shared::save`]).
    pub async fn arrive(&self) -> u64 {
        let latency = *self.latency.lock();
        self.gate.clock.sleep_ms(latency.base_ms as i64).await;
        let mut seed = self.seed.lock();
        match latency.tail_max_ms {
            max @ 1.. if seed.chance(0.01) => seed.below(max),
            _ => 0,
        }
    }

    /// The time that saving `rows` takes, while their locks are held.
    pub async fn save(&self, rows: usize, more_ms: u64) {
        let per_row_ms = self.latency.lock().per_row_ms;
        self.gate.clock.sleep_ms((per_row_ms * rows as u64 + more_ms) as i64).await;
    }

    /// One of `parts`: where a slow call is slow.
    pub fn slow_part(&self, parts: usize) -> usize {
        self.seed.lock().below(parts as u64) as usize
    }
}
