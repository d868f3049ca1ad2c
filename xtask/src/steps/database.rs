//! The database of the tests, kept by the context until the run ends.

use anyhow::Result;

use super::Context;
use crate::postgres::{Cluster, VARIABLE, programs};
use crate::report::Outcome;

pub fn start(context: &mut Context) -> Result<Outcome> {
    if std::env::var_os(VARIABLE).is_some() {
        println!("  {VARIABLE} is set: that one is used");
        return Ok(Outcome::Passed);
    }
    if programs().is_none() && context.fast {
        let why = "PostgreSQL is not installed (`cargo xtask setup`): only SQLite is tested";
        return Ok(Outcome::Skipped(why.to_owned()));
    }
    let cluster = Cluster::start()?;
    println!("  {}", cluster.url());
    context.cluster = Some(cluster);
    Ok(Outcome::Passed)
}
