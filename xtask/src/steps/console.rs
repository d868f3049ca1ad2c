//! The pages of the console.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use super::Context;
use crate::install::{npm, pages};
use crate::report::Outcome;
use crate::run::{on_path, run};

pub fn build(_: &mut Context) -> Result<Outcome> {
    if let Err(why) = npm::node() {
        return Ok(Outcome::Skipped(format!("{why:#}; the binary will say so on its pages")));
    }
    println!("  {}", pages::build(false)?.sentence());
    Ok(Outcome::Passed)
}

pub fn lint(_: &mut Context) -> Result<Outcome> {
    script("lint")
}

pub fn types(_: &mut Context) -> Result<Outcome> {
    script("types")
}

pub fn units(_: &mut Context) -> Result<Outcome> {
    script("test")
}

/// Runs each `console/e2e/*.test.mjs` in headless Chromium.
pub fn browser(_: &mut Context) -> Result<Outcome> {
    if !on_path("chromium") {
        return Ok(Outcome::Skipped("Chromium is not installed (`cargo xtask setup`)".into()));
    }
    if let Some(skipped) = not_installed() {
        return Ok(skipped);
    }
    for file in browser_tests()? {
        run("node")
            .args(["--test-reporter=spec", &file])
            .envs(&super::promises::binary_env())
            .dir(npm::console())
            .limit(Duration::from_secs(5 * 60))
            .go()?;
    }
    Ok(Outcome::Passed)
}

fn browser_tests() -> Result<Vec<String>> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(npm::console().join("e2e"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    found.sort();
    Ok(found.into_iter().map(|path| path.to_string_lossy().into_owned()).collect())
}

fn script(name: &str) -> Result<Outcome> {
    if let Some(skipped) = not_installed() {
        return Ok(skipped);
    }
    let limit = Duration::from_secs(3 * 60);
    run("npm").args(["run", "--silent", name]).dir(npm::console()).limit(limit).go()?;
    Ok(Outcome::Passed)
}

fn not_installed() -> Option<Outcome> {
    if let Err(why) = npm::node() {
        return Some(Outcome::Skipped(format!("{why:#}")));
    }
    let there = npm::console().join("node_modules/.installed-for").is_file();
    (!there).then(|| Outcome::Skipped("npm packages are missing (`cargo xtask setup`)".into()))
}
