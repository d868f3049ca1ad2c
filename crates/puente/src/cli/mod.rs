//! The commands, one file each.

mod api;
mod backup;
mod bench;
mod campaign;
mod completions;
mod consent;
mod cost;
mod dead_letters;
mod dedupe;
mod doctor;
#[cfg(feature = "sandbox")]
mod drill;
mod e2e;
mod file;
mod hours;
mod key;
mod mapping;
mod metrics;
mod migrate;
mod org;
#[cfg(feature = "sandbox")]
mod outlet;
mod reconcile;
mod restore;
mod routing;
#[cfg(feature = "sandbox")]
mod sandbox;
mod send;
mod serve;
mod status;
mod survey;
mod templates;
mod trace;
mod uncertain;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The bridge between WhatsApp Business (Meta's Cloud API) and Salesforce.
///
/// Nothing is lost and nothing happens twice: what puente acknowledges is on
/// disk, and every message, status and record is worked off exactly once.
#[derive(Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Cli {
    /// Configuration file.
    #[arg(long, short, global = true, env = "PUENTE_CONFIG", default_value = "puente.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the bridge against simulators of both sides: no account needed.
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::Args),
    /// Run the bridge.
    Serve(serve::Args),
    /// Check both live systems, and say which screen or command cures what is wrong.
    Doctor(doctor::Args),
    /// Check the whole way, message by message, and print a table.
    E2e(e2e::Args),
    /// Send one message through a running bridge.
    Send(send::Args),
    /// Where a message, conversation or Salesforce record stands.
    Status(status::Args),
    /// Every step of one message through both systems, with times.
    Trace(trace::Args),
    /// List sends whose answer was lost; send them again or give them up.
    Uncertain(uncertain::Args),
    /// List, show, edit, replay and discard what ended aside.
    DeadLetters(dead_letters::Args),
    /// Say which fields of Salesforce are filled, and from what.
    Mapping(mapping::Args),
    /// List Contacts and Leads of the org that share a phone.
    Dedupe(dedupe::Args),
    /// Say which records a message makes, takes and moves, and whose they are.
    Routing(routing::Args),
    /// When a tenant answers, and what is said when it does not.
    Hours(hours::Args),
    /// What customers are asked once their case is closed, and what they answered.
    Survey(survey::Args),
    /// Who may be written to: record, import, show and prove what people said.
    Consent(consent::Args),
    /// Count what was delivered in a month, and what of it Meta charges.
    Cost(cost::Args),
    /// Tell what each day came to, and list the records behind a figure.
    Metrics(metrics::Args),
    /// List, submit, edit, delete and preview message templates; agree to a category.
    Templates(templates::Args),
    /// Send one template to many people: plan, check, start, pause, resume, stop.
    Campaign(campaign::Args),
    /// Make, list and revoke API keys.
    Key(key::Args),
    /// Compare what puente holds with what Salesforce shows, and sign the result.
    Reconcile(reconcile::Args),
    /// Copy the database while it is in use.
    Backup(backup::Args),
    /// Put a backup in place, and decide about the sends that it holds.
    Restore(restore::Args),
    /// Bring the database to this version's schema.
    Migrate(migrate::Args),
    /// Measure what is promised of speed, memory and API calls, each beside what it is compared with.
    ///
    /// Without a command every row of the speed table is measured in its short form, one after
    /// another, and one table ends it: aim, what was measured, what it is to be seen beside, reached
    /// or not. That takes some seven minutes and 2 GB in the folder for temporary files. A missed
    /// aim is told and is no error; a row that cannot be measured is.
    ///
    /// Example: puente bench memory --seconds 60 --dir /var/lib/puente
    Bench(bench::Args),
    /// Play a bad day in simulated time, and hold what happened against goals.
    #[cfg(feature = "sandbox")]
    #[command(subcommand)]
    Drill(drill::Drill),
    /// Print a completion script for your shell.
    Completions(completions::Args),
}

pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        #[cfg(feature = "sandbox")]
        Command::Sandbox(args) => block_on(sandbox::run(args)),
        Command::Serve(args) => block_on(serve::run(args, &cli.config)),
        Command::Doctor(args) => block_on(doctor::run(args, &cli.config)),
        Command::E2e(args) => block_on(e2e::run(args)),
        Command::Send(args) => block_on(send::run(args)),
        Command::Status(args) => block_on(status::run(args)),
        Command::Trace(args) => block_on(trace::run(args)),
        Command::Uncertain(args) => block_on(uncertain::run(args)),
        Command::DeadLetters(args) => block_on(dead_letters::run(args)),
        Command::Mapping(args) => block_on(mapping::run(args)),
        Command::Routing(args) => block_on(routing::run(args)),
        Command::Hours(args) => block_on(hours::run(args)),
        Command::Survey(args) => block_on(survey::run(args)),
        Command::Consent(args) => block_on(consent::run(args)),
        Command::Cost(args) => block_on(cost::run(args)),
        Command::Metrics(args) => block_on(metrics::run(args)),
        Command::Templates(args) => block_on(templates::run(args)),
        Command::Campaign(args) => block_on(campaign::run(args)),
        Command::Key(args) => block_on(key::run(args, &cli.config)),
        Command::Reconcile(args) => block_on(reconcile::run(args, &cli.config)),
        Command::Dedupe(args) => block_on(dedupe::run(args, &cli.config)),
        Command::Backup(args) => block_on(backup::run(args, &cli.config)),
        Command::Restore(args) => block_on(restore::run(args, &cli.config)),
        Command::Migrate(args) => block_on(migrate::run(args, &cli.config)),
        Command::Bench(args) => block_on(bench::run(args)),
        #[cfg(feature = "sandbox")]
        Command::Drill(drill) => drill::run(drill),
        Command::Completions(args) => completions::run(&args),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            anstream::eprintln!(
                "{}error:{} {error:#}",
                anstyle::AnsiColor::Red.render_fg(),
                anstyle::Reset.render()
            );
            ExitCode::FAILURE
        }
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// Lines for people on a terminal, JSON elsewhere; `RUST_LOG` chooses.
fn log() {
    use std::io::IsTerminal;
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        lines.with_target(false).init();
    } else {
        lines.json().init();
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    /// What clap looks at only when a command is asked for, of all commands.
    #[test]
    fn every_command_can_be_asked_for() {
        super::Cli::command().debug_assert();
    }
}
