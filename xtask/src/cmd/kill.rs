//! `cargo xtask kill`: SIGKILL of the real process, round after round.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use crate::postgres::Cluster;
use crate::steps::kill::{Rounds, Store};

#[derive(clap::Args)]
#[command(after_help = "Each round runs the real binary over TCP against both simulators, kills \
                        it under load one to three times,\nstarts it again, and holds what both \
                        sides have in the end against what was acknowledged.\nThe last line \
                        counts events, acknowledged, kills, lost and repeated. A round that fails \
                        prints the command\nthat plays it again; the seed chooses the moments, \
                        how far the process is by then the machine.\nOn PostgreSQL (started for \
                        the occasion) the database is stopped in the midst as well.")]
pub struct Args {
    /// How many rounds
    #[arg(long, default_value_t = 20)]
    rounds: u32,
    /// On which store
    #[arg(long, value_enum, default_value_t = Store::Sqlite)]
    store: Store,
    /// Seed of the first round; each further one has the next
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    let cluster = match args.store {
        Store::Sqlite => None,
        Store::Postgres => Some(Cluster::start()?),
    };
    let envs = cluster.as_ref().map(Cluster::envs).unwrap_or_default();
    let rounds = Rounds { count: args.rounds, store: args.store, seed: args.seed };
    let limit = Duration::from_secs(5 * 60) + Duration::from_secs(120) * args.rounds;
    rounds.call().envs(&envs).limit(limit).go()?;
    Ok(ExitCode::SUCCESS)
}
