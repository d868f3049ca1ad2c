//! The simulated world. One build serves all of its runs: planted faults are
//! compiled in and switched off but where one is asked for.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::Context;
use crate::report::Outcome;
use crate::root::{root, target};
use crate::run::run;

/// From so many seeds on an optimised build is worth its time.
const MANY: u64 = 2_000;

/// Builds it and says where it is.
///
/// # Errors
/// It does not compile.
fn build(profile: &[&str]) -> Result<()> {
    run("cargo")
        // Over the whole workspace, so that nothing is built with other features.
        .args(["build", "--workspace", "--bin", "world", "--features", "sandbox/planted"])
        .args(profile)
        .go()?;
    Ok(())
}

fn quick() -> Result<PathBuf> {
    build(&["--config", "profile.dev.opt-level=1"])?;
    Ok(target().join("debug/world"))
}

/// The program for so many seeds, with these options.
///
/// # Errors
/// It does not compile.
pub fn command(seeds: u64, words: &[String]) -> Result<Command> {
    let binary = if seeds < MANY {
        quick()?
    } else {
        build(&["--profile", "swift"])?;
        target().join("swift/world")
    };
    let mut command = Command::new(binary);
    command.args(words).current_dir(root());
    Ok(command)
}

pub fn built(_: &mut Context) -> Result<Outcome> {
    println!("  {}", quick()?.display());
    Ok(Outcome::Passed)
}

pub fn seeds(_: &mut Context) -> Result<Outcome> {
    with(&["--seeds", "300", "--twice"])
}

pub fn planted(_: &mut Context) -> Result<Outcome> {
    with(&["--seeds", "300", "--planted", "all"])
}

fn with(words: &[&str]) -> Result<Outcome> {
    let binary = target().join("debug/world");
    if !binary.is_file() {
        return Ok(Outcome::Skipped("the world was not built (step `world build`)".to_owned()));
    }
    run(binary.display().to_string()).args(words).limit(Duration::from_secs(10 * 60)).go()?;
    Ok(Outcome::Passed)
}
