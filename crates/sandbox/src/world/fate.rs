//! The kill point between any two calls of the store.

use parking_lot::Mutex;
use sim_disk::Disk;
use sim_kit::{Seed, SimClock};
use store::{Commit, Op, Probe};
use tokio::sync::Notify;

use super::kind::{Kind, Tally};

/// Which commits a kill is aimed at: any, or those around a call.
const AIMS: [fn(&Op) -> bool; 7] = [
    |_| true,
    |op| matches!(op, Op::AppendWebhook(_)),
    |op| matches!(op, Op::BeginSend(_)),
    |op| matches!(op, Op::FinishSend(_)),
    |op| matches!(op, Op::SyncBegin(_)),
    |op| matches!(op, Op::SyncEnd(_)),
    |op| matches!(op, Op::JournalDone { .. }),
];

/// Shared by all processes of a run: it kills whichever is alive.
pub struct Fate {
    state: Mutex<State>,
    died: Notify,
    tally: Tally,
    clock: SimClock,
}

/// Commits at one moment of simulated time: more is a loop that never rests.
const AT_ONCE_MAX: u64 = 3_000;

#[derive(Default)]
struct State {
    at_ms: i64,
    at_once: u64,
    aim: usize,
    after: bool,
    /// 0: no kill is planned.
    left: u64,
    dead: bool,
    commits: u64,
    /// The files are copied as they are after the next commit.
    copies: bool,
    copy: Option<Disk>,
}

impl Fate {
    pub fn new(tally: Tally, clock: SimClock) -> Self {
        Self { state: Mutex::default(), died: Notify::new(), tally, clock }
    }

    /// Whether the process did not rest, and was ended for it.
    pub fn spins(&self) -> bool {
        self.state.lock().at_once > AT_ONCE_MAX
    }

    /// Plans a kill at the n-th of some commits, before it or after it.
    pub fn plan(&self, kind: Kind, seed: &mut Seed) {
        let mut state = self.state.lock();
        state.aim = seed.below(AIMS.len() as u64) as usize;
        state.left = if state.aim == 0 { 1 + seed.below(30) } else { 1 + seed.below(2) };
        state.after = kind == Kind::KillAfter;
    }

    /// A kill within the next few commits: those of a start.
    pub fn plan_soon(&self, seed: &mut Seed) {
        let mut state = self.state.lock();
        (state.aim, state.left, state.after) = (0, 1 + seed.below(6), seed.chance(0.5));
    }

    pub fn calm(&self) {
        self.state.lock().left = 0;
    }

    /// Plans a backup. Right after a commit the files hold what is committed and
    /// nothing else, as the copy of `puente backup` does; a commit that failed
    /// before may still lie in the log until then.
    pub fn plan_copy(&self) {
        self.state.lock().copies = true;
    }

    pub fn take_copy(&self) -> Option<Disk> {
        self.state.lock().copy.take()
    }

    pub fn commits(&self) -> u64 {
        self.state.lock().commits
    }

    /// Returns when the process that runs has been killed.
    pub async fn died(&self) {
        while !self.state.lock().dead {
            self.died.notified().await;
        }
    }

    /// Another process starts.
    pub fn reborn(&self) {
        let mut state = self.state.lock();
        (state.dead, state.left) = (false, 0);
    }
}

impl Probe for Fate {
    fn before_commit(&self, commit: &Commit) -> bool {
        let mut state = self.state.lock();
        state.commits += 1;
        let now_ms = self.clock.now_ms();
        let same = std::mem::replace(&mut state.at_ms, now_ms) == now_ms;
        state.at_once = if same { state.at_once + 1 } else { 0 };
        if state.at_once > AT_ONCE_MAX {
            state.dead = true;
            self.died.notify_one();
            return true;
        }
        if state.left == 0 || !commit.ops.iter().any(AIMS[state.aim]) {
            return false;
        }
        state.left -= 1;
        if state.left > 0 {
            return false;
        }
        state.dead = true;
        self.tally.count(if state.after { Kind::KillAfter } else { Kind::KillBefore });
        self.died.notify_one();
        !state.after
    }

    fn after_commit(&self, written: bool) -> bool {
        let mut state = self.state.lock();
        if written && state.copies {
            state.copies = false;
            state.copy = Some(sim_disk::with(|disk| disk.clone()));
        }
        state.dead
    }
}
