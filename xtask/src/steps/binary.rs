//! The real binary, in the profile that is quick to build and quick enough.

use std::path::PathBuf;

use anyhow::Result;

use super::Context;
use crate::install::npm;
use crate::report::Outcome;
use crate::root::target;
use crate::run::run;

/// Builds it and says where it is.
///
/// # Errors
/// It does not compile.
pub fn build() -> Result<PathBuf> {
    run("cargo")
        .args(["build", "--profile", "swift", "--package", "puente"])
        .envs(&without_pages())
        .go()?;
    Ok(target().join("swift/puente"))
}

/// Where the console was not built, the binary is built without its pages.
pub fn without_pages() -> Vec<(String, String)> {
    let built = npm::console().join("dist/index.html").is_file();
    let allow = ("ALLOW_NO_CONSOLE".to_owned(), "1".to_owned());
    if built { Vec::new() } else { vec![allow] }
}

pub fn step(_: &mut Context) -> Result<Outcome> {
    println!("  {}", build()?.display());
    Ok(Outcome::Passed)
}
