//! `puente bench`: measures a promise of speed on this machine, each beside
//! what it is compared with, in the same run.
//!
//! Server and generator are processes of their own; on Linux with `taskset`
//! each is held on one core.

mod all;
mod backlog;
mod bridge;
mod child;
#[cfg(feature = "sandbox")]
mod economy;
#[cfg(feature = "sandbox")]
mod far;
#[cfg(feature = "sandbox")]
mod fill;
mod generate;
mod intake;
mod line;
mod load;
mod memory;
mod payload;
mod peak;
mod plain;
#[cfg(feature = "sandbox")]
mod sending;
mod start;
mod wire;

use std::process::ExitCode;

use clap::Subcommand;

/// Without a command it runs every row of the speed table in its short form,
/// one after another, and ends with one table: aim, what was measured, and what
/// it is to be seen beside. That takes some seven minutes and 2 GB in the folder for
/// temporary files. A missed aim is told and is no error.
///
/// Example: puente bench start --backlog 1000000 --dir /var/lib/puente
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    all: all::AllArgs,
}

#[derive(Subcommand)]
enum What {
    /// Webhooks taken and stored, beside the same server that stores nothing.
    Intake(intake::Args),
    /// Sends of one number at its limit, and replies while a campaign runs.
    #[cfg(feature = "sandbox")]
    Sending(sending::Args),
    /// API calls for each message, row locks, and how soon Salesforce shows a message, against
    /// simulators of both sides in this process. Takes some five minutes.
    #[cfg(feature = "sandbox")]
    Economy(economy::Args),
    /// Memory of the bridge: idle, under load, and again with many messages stored.
    Memory(memory::Args),
    /// A start after kill -9 with a full log and a long backlog, until the first webhook is
    /// answered, beside a start on an empty database.
    Start(start::Args),
    /// The load: signed webhooks over kept connections.
    #[command(hide = true)]
    Generate(generate::Args),
    /// The server that checks the signature, answers 200 and stores nothing.
    #[command(hide = true)]
    Plain(plain::Args),
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Some(what) = args.what else {
        return all::run(args.all).await;
    };
    match what {
        What::Intake(args) => intake::run(args).await,
        #[cfg(feature = "sandbox")]
        What::Sending(args) => sending::run(args).await,
        #[cfg(feature = "sandbox")]
        What::Economy(args) => economy::run(args).await,
        What::Memory(args) => memory::run(args).await,
        What::Start(args) => start::run(args).await,
        What::Generate(args) => generate::run(args).await,
        What::Plain(args) => plain::run(args).await,
    }
}

/// What generator and servers agree on.
const SECRET: &str = "bench-app-secret";
const NUMBER: &str = "106540000000001";
const WABA: &str = "102290000000001";
const TENANT: &str = "bench";
/// 32 bytes as hex: the database is thrown away.
const MASTER_KEY: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";

#[expect(clippy::disallowed_methods, reason = "a measurement takes the time as it passes")]
fn instant() -> std::time::Instant {
    std::time::Instant::now()
}
