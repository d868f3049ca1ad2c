//! The chores of the workspace, so that nobody has to remember a command line.
//!
//! Two matter: `cargo xtask demo` shows puente at work, `cargo xtask test` runs
//! every check there is. The others are parts of these two.

mod cmd;
mod install;
mod postgres;
mod report;
mod root;
mod run;
mod steps;
mod stopwatch;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "The chores of puente's workspace",
    after_help = "New here? `cargo xtask demo` shows the bridge at work in a browser.\n\
                  Changed something? `cargo xtask test --fast` answers in about three minutes,\n\
                  `cargo xtask test` is the whole truth and what CI runs."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the bridge at work: a phone, the bridge, the Salesforce records
    Demo(cmd::demo::Args),
    /// Run the checks; the last line counts what passed and failed
    Test(cmd::test::Args),
    /// Kill the real process under load, round after round, and count what was lost or repeated
    Kill(cmd::kill::Args),
    /// Build the pages of the console, if their sources changed
    Console(cmd::console::Args),
    /// Run the simulated world: seeds, faults, checkers
    World(cmd::world::Args),
    /// Check the house rules: layers, file sizes, bans, licences, translations
    Tidy(cmd::tidy::Args),
    /// Install what the tests need: Chromium, PostgreSQL, npm packages
    Setup(cmd::setup::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Demo(args) => cmd::demo::run(&args),
        Command::Test(args) => cmd::test::run(&args),
        Command::Kill(args) => cmd::kill::run(&args),
        Command::Console(args) => cmd::console::run(&args),
        Command::World(args) => cmd::world::run(&args),
        Command::Tidy(args) => cmd::tidy::run(&args),
        Command::Setup(args) => cmd::setup::run(&args),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
