//! `cargo xtask console`: the pages, built when their sources changed.

use std::process::ExitCode;

use anyhow::Result;

use crate::install::pages;

#[derive(clap::Args)]
pub struct Args {
    /// Build them even when nothing changed
    #[arg(long)]
    force: bool,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    let built = pages::build(args.force)?;
    println!("{}", built.sentence());
    Ok(ExitCode::SUCCESS)
}
