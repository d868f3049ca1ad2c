//! Seeds on a few threads, each run wholly on one of them.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use model::planted::Planted;
use sandbox::world::{Kind, Outcome, outcome};

use crate::args::Args;

const PROGRESS: Duration = Duration::from_secs(15);

#[derive(Debug, Default)]
pub struct Ran {
    pub seeds: u64,
    pub fired: BTreeMap<Kind, u64>,
    pub restarts: u64,
    /// Simulated milliseconds.
    pub lived_ms: i64,
    pub took: Duration,
    pub caught: BTreeMap<u64, Outcome>,
    pub traces: BTreeMap<u64, u64>,
    pub stories: Vec<Vec<String>>,
}

/// Runs the seeds of `args`; ends early when `enough` of them were caught.
pub fn run(args: &Args, fault: Option<Planted>, enough: Option<u64>) -> Ran {
    let began = now();
    let next = AtomicU64::new(0);
    let ran = Mutex::new(Ran::default());
    let progress = Mutex::new(began);
    std::thread::scope(|scope| {
        for _ in 0..args.threads.min(args.seeds as usize) {
            scope.spawn(|| {
                plant(fault);
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    let full =
                        |ran: &Ran| enough.is_some_and(|most| ran.caught.len() as u64 >= most);
                    if nth >= args.seeds || full(&lock(&ran)) {
                        return;
                    }
                    let seed = args.from + nth;
                    let mut once = outcome(seed);
                    if args.twice {
                        compare(&mut once, &outcome(seed));
                    }
                    let mut ran = lock(&ran);
                    ran.add(once, args.seeds == 1);
                    if enough.is_none() {
                        tell(&ran, args.seeds, &mut lock(&progress));
                    }
                }
            });
        }
    });
    let mut ran = ran.into_inner().unwrap_or_else(|poison| poison.into_inner());
    ran.took = began.elapsed();
    ran
}

/// A long run says from time to time how far it is.
fn tell(ran: &Ran, seeds: u64, told: &mut Instant) {
    if told.elapsed() >= PROGRESS {
        *told = now();
        eprintln!("{} of {seeds} seeds, {} failed", ran.seeds, ran.caught.len());
    }
}

fn compare(once: &mut Outcome, again: &Outcome) {
    if once.trace != again.trace {
        let differs = once.story.iter().zip(&again.story).find(|(a, b)| a != b);
        let what = format!("{:016x} and {:016x}: {differs:?}", once.trace, again.trace);
        once.wrongs.push(("a seed means one run", what));
    }
}

impl Ran {
    fn add(&mut self, outcome: Outcome, tell: bool) {
        self.seeds += 1;
        self.restarts += outcome.restarts;
        self.lived_ms += outcome.took_ms;
        for (kind, times) in &outcome.fired {
            *self.fired.entry(*kind).or_default() += times;
        }
        self.traces.insert(outcome.seed, outcome.trace);
        if tell {
            self.stories.push(outcome.story.clone());
        }
        if !outcome.wrongs.is_empty() {
            self.caught.insert(outcome.seed, outcome);
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(|poison| poison.into_inner())
}

#[cfg(feature = "planted")]
fn plant(fault: Option<Planted>) {
    model::planted::plant(fault);
}

#[cfg(not(feature = "planted"))]
fn plant(_: Option<Planted>) {}

#[allow(clippy::disallowed_methods, reason = "how long it really took; no seed sees it")]
fn now() -> Instant {
    Instant::now()
}
