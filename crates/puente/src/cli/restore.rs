//! `puente restore`.

mod held;
mod place;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;

/// Shown by `--help`.
const HELP: &str = "\
     Puts a backup in the place of store.url. The bridge must not run. The backup is checked \
     against its manifest; a database that is there is kept beside it under another name, and \
     only with --force is it replaced at all.\n\n\
     A restored database may be older than what happened: sends that it has as unfinished may \
     have been made. So nothing is sent until each of them is matched with Salesforce, where it \
     shows up with Meta's id once it was sent, or a person says so. Receiving goes on.";

#[derive(clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_long_help = HELP
)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// What `puente backup` wrote. With PostgreSQL, the manifest, once the rows are
    /// restored.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Replace the database that is there, or go on without a manifest.
    #[arg(long)]
    force: bool,
}

#[derive(Subcommand)]
enum What {
    /// Whether sends are held, why, and which.
    Status {
        /// Rows at most for each tenant.
        #[arg(long, default_value_t = 20)]
        limit: u32,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Ask Salesforce now which of the held sends were made; a running bridge asks too.
    Match,
    /// A person's word about held sends: send them, or with --drop do not.
    Release {
        /// out_..., as `status` shows them.
        #[arg(required_unless_present = "all")]
        sends: Vec<String>,
        /// All that are held, and say that this database is the one that sends.
        #[arg(long, conflicts_with = "sends")]
        all: bool,
        /// They were made, or nobody wants them any more.
        #[arg(long)]
        drop: bool,
        /// Which tenant of the configuration; may be left out when there is one.
        #[arg(long)]
        tenant: Option<String>,
    },
}

pub async fn run(args: Args, path: &Path) -> anyhow::Result<ExitCode> {
    match args.what {
        Some(What::Status { limit, json }) => held::status(path, limit, json).await,
        Some(What::Match) => held::matched(path).await,
        Some(What::Release { sends, all: _, drop, tenant }) => {
            held::release(path, &sends, drop, tenant.as_deref()).await
        }
        None => {
            let file = args.file.context("which file?")?;
            if !file.exists() {
                bail!("{}: there is no such file", file.display());
            }
            place::run(&file, args.force, path).await
        }
    }
}
