//! Rounds of killing the real process: `crates/puente/tests/kill.rs`.

use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;

use super::{Context, binary};
use crate::install::debian::is_root;
use crate::postgres::{VARIABLE, programs};
use crate::report::Outcome;
use crate::run::{Run, run};

/// Rounds of `cargo xtask test`.
const ON_SQLITE: u32 = 20;
const ON_POSTGRES: u32 = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Store {
    Sqlite,
    Postgres,
}

impl Store {
    pub fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

pub struct Rounds {
    pub count: u32,
    pub store: Store,
    /// Of the first round; each further one has the next.
    pub seed: u64,
}

impl Rounds {
    /// The call that plays them.
    pub fn call(&self) -> Run {
        test("a_killed_process")
            .env("PUENTE_KILL_ROUNDS", self.count.to_string())
            .env("PUENTE_KILL_STORE", self.store.word())
            .env("PUENTE_KILL_SEED", self.seed.to_string())
    }
}

pub fn sqlite(context: &mut Context) -> Result<Outcome> {
    play(context, ON_SQLITE, Store::Sqlite)
}

pub fn postgres(context: &mut Context) -> Result<Outcome> {
    if context.cluster.is_none() && std::env::var_os(VARIABLE).is_none() {
        let why = match programs() {
            Some(_) => "no throw-away server was started (step `PostgreSQL`)",
            None => "PostgreSQL is not installed (`cargo xtask setup`)",
        };
        return Ok(Outcome::Skipped(why.to_owned()));
    }
    play(context, ON_POSTGRES, Store::Postgres)
}

/// The outcome is `Skipped` where nothing can be mounted.
pub fn full_disk(_: &mut Context) -> Result<Outcome> {
    if !is_root()? {
        let why = "a small disk can be mounted by root alone";
        return Ok(Outcome::Skipped(why.to_owned()));
    }
    test("a_full_disk").env("PUENTE_FULL_DISK", "1").limit(Duration::from_secs(5 * 60)).go()?;
    Ok(Outcome::Passed)
}

/// Simulators and bridge are built alike, in the profile that is quick enough to
/// be busy.
fn test(name: &str) -> Run {
    run("cargo")
        .args(["test", "--profile", "swift", "--package", "puente", "--test", "kill"])
        .args([name, "--", "--nocapture"])
        .envs(&binary::without_pages())
}

fn play(context: &Context, count: u32, store: Store) -> Result<Outcome> {
    let rounds = Rounds { count, store, seed: 1 };
    rounds.call().envs(&context.envs()).limit(Duration::from_secs(10 * 60)).go()?;
    Ok(Outcome::Passed)
}
