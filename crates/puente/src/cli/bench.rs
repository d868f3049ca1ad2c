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
    ///
    /// A real `puente serve` on one core, simulators of both sides and the callers on the other.
    /// Aims: never more than 1,000 messages in a second and 99 % of what may be sent; a reply at
    /// Meta within 250 ms (p99), beside the same without a campaign.
    ///
    /// Example: puente bench sending --seconds 10 --campaign 30000
    #[cfg(feature = "sandbox")]
    Sending(sending::Args),
    /// API calls for each message, row locks, and how soon Salesforce shows a message, against
    /// simulators of both sides in this process. Takes some five minutes.
    #[cfg(feature = "sandbox")]
    Economy(economy::Args),
    /// Memory of the bridge: idle, under load, and again with many messages stored.
    ///
    /// A real `puente serve` is looked at from outside, beside the same server that stores
    /// nothing. Aims: 64 MB idle, 150 MB at 3,300 webhooks/s, and the same with many messages. The
    /// output says how memory was counted.
    ///
    /// Example: puente bench memory --messages 10000000 --dir /var/lib/puente
    Memory(memory::Args),
    /// A start after kill -9 with a full log and a long backlog, until the first webhook is
    /// answered, beside a start on an empty database.
    ///
    /// The backlog is written first; then the bridge serves under load until its log is full, and
    /// is killed. Aim: 1 s.
    ///
    /// Example: puente bench start --backlog 200000 --log-mb 100 --dir /var/lib/puente
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
#[cfg(feature = "sandbox")]
const TENANT: &str = "bench";
/// 32 bytes as hex: the database is thrown away.
const MASTER_KEY: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";

#[expect(clippy::disallowed_methods, reason = "a measurement takes the time as it passes")]
fn instant() -> std::time::Instant {
    std::time::Instant::now()
}
