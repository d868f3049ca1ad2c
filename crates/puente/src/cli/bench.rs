//! `puente bench`: measures a promise of speed on this machine, each beside
//! what it is compared with, in the same run.
//!
//! Server and generator are processes of their own; on Linux with `taskset`
//! each is held on one core.

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
mod payload;
mod plain;
#[cfg(feature = "sandbox")]
mod sending;
mod wire;

use std::process::ExitCode;

use clap::Subcommand;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
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
    /// The load: signed webhooks over kept connections.
    #[command(hide = true)]
    Generate(generate::Args),
    /// The server that checks the signature, answers 200 and stores nothing.
    #[command(hide = true)]
    Plain(plain::Args),
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Intake(args) => intake::run(args).await,
        #[cfg(feature = "sandbox")]
        What::Sending(args) => sending::run(args).await,
        #[cfg(feature = "sandbox")]
        What::Economy(args) => economy::run(args).await,
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
