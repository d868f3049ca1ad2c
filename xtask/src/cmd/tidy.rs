//! `cargo xtask tidy`: the house rules.

use std::process::ExitCode;

use anyhow::Result;

use crate::root::root;
use crate::tidy;

#[derive(clap::Args)]
#[command(after_help = tidy::explained())]
pub struct Args {}

pub fn run(_: &Args) -> Result<ExitCode> {
    let found = tidy::check(&root())?;
    for violation in &found {
        println!("{violation}");
    }
    let broken = found.iter().map(|v| v.rule).collect::<std::collections::BTreeSet<_>>().len();
    println!("{} passed, {broken} failed", tidy::RULES.len() - broken);
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
