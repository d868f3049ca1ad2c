//! `puente routing`: which records a message makes, and whose they are.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use rules::routing::DEFAULT;

use super::api::Bridge;
use super::file;

const PATH: &str = "/api/v1/routing/check";

/// Shown by `--help`.
const HELP: &str = "\
A routing is one file of a tenant: rules that say what an unknown person becomes,
which case a conversation gets, when there is an opportunity, and whose all this
is. In each list the first rule that holds decides.

Write one and hold it against the org:
  puente routing default > routing.toml
  puente routing check routing.toml
  puente routing diff routing.toml

This version of puente does what the default says; a file of your own can be
checked, and is not used yet. docs/concepts/routing.md explains the file.";

#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Hold a file against the org: each mistake with line, rule and cure. Changes nothing.
    ///
    /// Ends with 2 when there are mistakes.
    Check {
        file: PathBuf,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// What a file says otherwise than the one in use.
    Diff {
        file: PathBuf,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Print what puente does by itself, a good file to begin with.
    Default,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Check { file, bridge } => return file::check(PATH, &file, &bridge).await,
        What::Diff { file, bridge } => file::diff(PATH, &file, &bridge).await?,
        What::Default => anstream::print!("{DEFAULT}"),
    }
    Ok(ExitCode::SUCCESS)
}
