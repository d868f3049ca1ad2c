//! What cargo itself can check.

use std::time::Duration;

use anyhow::{Result, bail};

use super::Context;
use crate::install::{debian, npm};
use crate::report::Outcome;
use crate::root::root;
use crate::run::{Run, on_path, run};
use crate::tidy as rules;

pub fn setup(_: &mut Context) -> Result<Outcome> {
    println!("  Debian packages: {}", debian::ensure()?);
    println!("  npm packages: {}", npm::ensure()?);
    Ok(Outcome::Passed)
}

pub fn format(_: &mut Context) -> Result<Outcome> {
    cargo(["fmt", "--all", "--check"]).go()?;
    Ok(Outcome::Passed)
}

pub fn tidy(_: &mut Context) -> Result<Outcome> {
    let found = rules::check(&root())?;
    for violation in &found {
        println!("  {violation}");
    }
    if !found.is_empty() {
        bail!("{} places break a house rule, listed above", found.len());
    }
    println!("  {} rules hold", rules::RULES.len());
    Ok(Outcome::Passed)
}

/// Our own reading of deny.toml always runs; cargo-deny as well where it is
/// installed. It is not installed for the occasion: it takes longer to compile
/// than all of puente.
pub fn policy(_: &mut Context) -> Result<Outcome> {
    let found = rules::policy::check(&root())?;
    for violation in &found {
        println!("  {violation}");
    }
    if !found.is_empty() {
        bail!("{} crates break deny.toml, listed above", found.len());
    }
    if on_path("cargo-deny") {
        cargo(["deny", "--offline", "check", "bans", "licenses", "sources"]).go()?;
    }
    Ok(Outcome::Passed)
}

pub fn clippy(_: &mut Context) -> Result<Outcome> {
    cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).go()?;
    Ok(Outcome::Passed)
}

pub fn test_build(_: &mut Context) -> Result<Outcome> {
    // the same artifacts for either runner
    cargo(["test", "--workspace", "--all-targets", "--no-run"]).go()?;
    Ok(Outcome::Passed)
}

pub fn tests(context: &mut Context) -> Result<Outcome> {
    let limit = Duration::from_secs(if context.fast { 3 * 60 } else { 20 * 60 });
    runner().args(["--workspace"]).envs(&context.envs()).limit(limit).go()?;
    Ok(Outcome::Passed)
}

pub fn doc_tests(context: &mut Context) -> Result<Outcome> {
    cargo(["test", "--workspace", "--doc", "--quiet"]).envs(&context.envs()).go()?;
    Ok(Outcome::Passed)
}

fn cargo<const N: usize>(args: [&str; N]) -> Run {
    run("cargo").args(args)
}

/// cargo-nextest where it is installed, the built-in runner else.
fn runner() -> Run {
    if on_path("cargo-nextest") {
        cargo(["nextest", "run", "--no-fail-fast"])
    } else {
        cargo(["test", "--all-targets", "--no-fail-fast"])
    }
}
