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

pub struct Shared {
    pub config: Config,
    pub gate: Gate,
    pub org: Mutex<Org>,
    pub auth: Mutex<Auth>,
    pub usage: Mutex<Usage>,
    pub locks: Locks,
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
            usage: Mutex::new(Usage::new(config.daily_api_requests, now)),
            latency: Mutex::new(config.latency),
            org: Mutex::new(org),
            auth: Mutex::new(auth),
            locks: Locks::default(),
            jobs: Mutex::new(Jobs::new(first_id)),
            bulk_turns: Semaphore::new(config.bulk_batches_at_once),
            seed: Mutex::new(seed.fork("latency")),
            config,
        })
    }

    /// The time that saving `rows` takes, while locks are held.
    pub async fn work(&self, rows: usize, whole_call: bool) {
        let latency = *self.latency.lock();
        if latency == Latency::NONE {
            return;
        }
        let mut ms = latency.per_row_ms * rows as u64;
        if whole_call {
            ms += latency.base_ms;
            let mut seed = self.seed.lock();
            if latency.tail_max_ms > 0 && seed.chance(0.01) {
                ms += seed.below(latency.tail_max_ms);
            }
        }
        self.gate.clock.sleep_ms(ms as i64).await;
    }
}
