//! Clients written by others, against our simulators over TCP: `clients/`.

use std::time::Duration;

use anyhow::Result;

use super::Context;
use crate::install::npm;
use crate::report::Outcome;
use crate::root::root;
use crate::run;

pub fn run(_: &mut Context) -> Result<Outcome> {
    if let Err(why) = npm::node() {
        return Ok(Outcome::Skipped(format!("{why:#}")));
    }
    let dir = root().join("clients");
    run::run("npm").args(["ci", "--no-audit", "--no-fund"]).dir(&dir).go()?;
    run::run("npm")
        .args(["run", "--silent", "test"])
        .dir(&dir)
        .limit(Duration::from_secs(5 * 60))
        .go()?;
    Ok(Outcome::Passed)
}
