//! The simulated world: the whole engine, the surface and both simulators in
//! simulated time, on a simulated disk, through a storm that is drawn from a
//! seed. `cargo xtask world` runs it; docs/world.md tells how to read it.
//!
//! A seed means one run: [`outcome`] twice gives the same trace. In it, people
//! write and agents answer ([`work`], [`callers`]) while every [`Kind`] of
//! fault may strike ([`weather`]). When the storm is over everything must
//! drain, and the checkers ([`check`]), who stand outside, compare what both
//! remotes hold with what was said, asked and answered.

mod callers;
mod canned;
mod check;
mod disk;
mod facts;
mod fate;
mod front;
mod halt;
mod kind;
mod line;
mod outside;
mod process;
mod restore;
mod run;
mod time;
mod trace;
mod watch;
mod weather;
mod work;

pub use kind::Kind;
pub use run::Outcome;

/// When every run begins: 2026-01-01T00:00:00Z.
const BEGAN_MS: i64 = 1_767_225_600_000;

/// Runs one seed on this thread, from its first moment to the verdict.
pub fn outcome(seed: u64) -> Outcome {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = match builder.enable_all().start_paused(true).build() {
        Ok(runtime) => runtime,
        Err(why) => panic!("no runtime for a seed: {why}"),
    };
    runtime.block_on(run::run(seed))
}

/// A time of a run as Salesforce writes it, to the second. No run leaves the
/// day on which all begin.
fn stamp(secs: i64) -> String {
    let second = secs - BEGAN_MS / 1000;
    format!("2026-01-01T{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
}
