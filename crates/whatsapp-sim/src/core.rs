//! What every part of the simulator shares.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use sim_kit::{Gate, Outlet, Seed, SimClock};
use tokio::sync::Notify;

use crate::config::Config;
use crate::state::World;
use crate::webhook::Post;

pub struct Core {
    pub world: Mutex<World>,
    pub gate: Gate,
    pub outlet: Arc<dyn Outlet>,
    pub post: Post,
    /// Background work under way: messages travelling, webhooks not yet taken.
    busy: AtomicUsize,
    idle: Notify,
}

impl Core {
    pub fn new(config: Config, clock: SimClock, seed: &Seed, outlet: Arc<dyn Outlet>) -> Arc<Self> {
        Arc::new(Self {
            world: Mutex::new(World::new(config, seed)),
            gate: Gate::new(clock, seed),
            outlet,
            post: Post::default(),
            busy: AtomicUsize::new(0),
            idle: Notify::new(),
        })
    }

    pub fn now_ms(&self) -> i64 {
        self.gate.clock.now_ms()
    }

    /// Runs `work` in the background and counts it until it ends.
    pub fn background(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        let busy = Busy::new(self.clone());
        tokio::spawn(async move {
            work.await;
            drop(busy);
        });
    }

    pub fn busy(&self) -> usize {
        self.busy.load(Ordering::SeqCst)
    }

    /// Returns when no message travels and every webhook was taken or dropped.
    pub async fn settled(&self) {
        loop {
            let mut idle = std::pin::pin!(self.idle.notified());
            idle.as_mut().enable();
            if self.busy() == 0 {
                return;
            }
            idle.await;
        }
    }
}

/// Counts one piece of background work while it lives.
struct Busy(Arc<Core>);

impl Busy {
    fn new(core: Arc<Core>) -> Self {
        core.busy.fetch_add(1, Ordering::SeqCst);
        Self(core)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if self.0.busy.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.idle.notify_waiters();
        }
    }
}
