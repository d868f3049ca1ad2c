//! The promises, against the real binary.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use super::Context;
use crate::report::Outcome;
use crate::root::{root, target};
use crate::run::run;

/// Tests find the real binary here.
const BINARY: &str = "PUENTE_TEST_BINARY";

pub fn demo(_: &mut Context) -> Result<Outcome> {
    command(&["sandbox", "--listen", "127.0.0.1:0", "--check"])
}

pub fn end_to_end(_: &mut Context) -> Result<Outcome> {
    command(&["e2e", "--sandbox"])
}

pub fn kill(context: &mut Context) -> Result<Outcome> {
    test_file(context, "puente", "kill")
}

/// Runs a command of the binary, once the binary has it.
fn command(args: &[&str]) -> Result<Outcome> {
    let Some(binary) = binary() else {
        return Ok(no_binary());
    };
    let name = binary.display().to_string();
    let help = run(&name).args([args[0], "--help"]).read();
    if !help.is_ok_and(|text| text.contains(args[0])) {
        return Ok(Outcome::Skipped(format!("the binary has no `puente {}` yet", args[0])));
    }
    run(name).args(args).limit(Duration::from_secs(10 * 60)).go()?;
    Ok(Outcome::Passed)
}

/// Runs `crates/<package>/tests/<test>.rs` alone, with the binary at hand. In
/// the run of all tests these hold back, for they need the binary.
fn test_file(context: &Context, package: &str, test: &str) -> Result<Outcome> {
    let file = format!("crates/{package}/tests/{test}.rs");
    if !root().join(&file).is_file() {
        return Ok(Outcome::Skipped(format!("{file} is not written yet")));
    }
    let Some(binary) = binary() else {
        return Ok(no_binary());
    };
    run("cargo")
        // Over the whole workspace, so that nothing is built with other features.
        .args(["test", "--workspace", "--test", test])
        .envs(&context.envs())
        .env(BINARY, binary.display().to_string())
        .limit(Duration::from_secs(10 * 60))
        .go()?;
    Ok(Outcome::Passed)
}

/// The real binary for tests that run on a stand-in without it.
pub fn binary_env() -> Vec<(String, String)> {
    let named = |path: PathBuf| (BINARY.to_owned(), path.display().to_string());
    binary().map(named).into_iter().collect()
}

fn binary() -> Option<PathBuf> {
    let path = target().join("swift/puente");
    path.is_file().then_some(path)
}

fn no_binary() -> Outcome {
    Outcome::Skipped("the real binary was not built (step `binary`)".to_owned())
}
