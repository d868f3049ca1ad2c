//! `puente hours`: when a tenant answers, and what is said when it does not.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use rules::hours::DEFAULT;

use super::api::Bridge;
use super::file;

const PATH: &str = "/api/v1/hours";

/// Shown by `--help`.
const HELP: &str = "\
Business hours are one file of a tenant: when it answers, holidays, and what is
said to who writes when it does not. Rules of a routing ask for them: hours = 'out'.

  puente hours default > hours.toml
  puente hours check hours.toml
  puente hours apply hours.toml
  puente hours rollback

docs/guides/hours.md explains the file.";

#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Read a file: each mistake with line, field and cure. Changes nothing.
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
    /// Keep a file as a new version and put it to use.
    Apply {
        file: PathBuf,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Put an earlier version to use.
    Rollback {
        /// The version; the one before the version in use when left out, 0 for puente's own.
        #[arg(long)]
        to: Option<u32>,
        #[command(flatten)]
        bridge: Bridge,
    },
    /// Print the file in use, with `--list` which versions there are.
    Show(file::Show),
    /// Print what puente does by itself, a good file to begin with.
    Default,
}

pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Check { file, bridge } => return file::check(PATH, &file, &bridge).await,
        What::Diff { file, bridge } => file::diff(PATH, &file, &bridge).await?,
        What::Apply { file, bridge } => file::apply(PATH, &file, &bridge).await?,
        What::Rollback { to, bridge } => file::roll_back(PATH, to, &bridge).await?,
        What::Show(show) => file::show(PATH, show).await?,
        What::Default => anstream::print!("{DEFAULT}"),
    }
    Ok(ExitCode::SUCCESS)
}
