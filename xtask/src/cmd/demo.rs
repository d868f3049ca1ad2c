//! `cargo xtask demo`: the bridge at work between two simulators, on this
//! machine only, with a page that shows both ends and what happens between.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::install::pages;
use crate::root::root;
use crate::steps::binary;

#[derive(clap::Args)]
#[command(after_help = "Nothing leaves this machine: Meta's Cloud API and the Salesforce org are \
                        simulators inside the same process.\nStop it with Ctrl-C.")]
pub struct Args {
    /// Start, send one message each way, check both ends, stop
    #[arg(long)]
    check: bool,
    /// Where the pages and the API are served
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    match pages::build(false) {
        Ok(built) => println!("{}", built.sentence()),
        Err(why) => println!(
            "The pages are missing from this run: {why:#}\n\
             The bridge and its API run all the same. To get the pages, install Node 20.19 or \
             later (Debian: apt-get install nodejs npm) and run `cargo xtask demo` again."
        ),
    }
    let binary = binary::build()?;
    let mut sandbox = Command::new(&binary);
    sandbox.arg("sandbox").args(["--listen", &args.listen]).current_dir(root());
    if args.check {
        sandbox.arg("--check");
    }
    let status = sandbox.status().with_context(|| format!("cannot start {}", binary.display()))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
