//! The real binary, in the profile that is quick to build and quick enough.

use std::path::PathBuf;

use anyhow::Result;

use super::Context;
use crate::report::Outcome;
use crate::root::target;
use crate::run::run;

/// Builds it and says where it is.
///
/// # Errors
/// It does not compile.
pub fn build() -> Result<PathBuf> {
    run("cargo").args(["build", "--profile", "swift", "--package", "puente"]).go()?;
    Ok(target().join("swift/puente"))
}

pub fn step(_: &mut Context) -> Result<Outcome> {
    println!("  {}", build()?.display());
    Ok(Outcome::Passed)
}
