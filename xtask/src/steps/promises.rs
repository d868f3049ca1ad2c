//! The promises, against the real binary.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use super::Context;
use crate::report::Outcome;
use crate::root::target;
use crate::run::run;

/// Tests find the real binary here.
const BINARY: &str = "PUENTE_TEST_BINARY";

pub fn demo(_: &mut Context) -> Result<Outcome> {
    command(&["sandbox", "--listen", "127.0.0.1:0", "--check"])
}

/// In memory, in a file, and on PostgreSQL where one was started.
pub fn end_to_end(context: &mut Context) -> Result<Outcome> {
    let dir = std::env::temp_dir().join(format!("puente-e2e-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let mut stores = vec![None, Some(format!("sqlite:{}/puente.db", dir.display()))];
    if let Some(cluster) = &context.cluster {
        stores.push(Some(cluster.database("puente_e2e")?));
    }
    let mut outcome = Outcome::Passed;
    for store in stores {
        let mut args = vec!["e2e", "--sandbox"];
        args.extend(store.iter().flat_map(|url| ["--store", url.as_str()]));
        outcome = command(&args)?;
    }
    std::fs::remove_dir_all(&dir)?;
    Ok(outcome)
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
