//! `cargo xtask setup`: what the tests need, installed once.

use std::process::ExitCode;

use anyhow::Result;

use crate::install::{debian, npm};

#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: &Args) -> Result<ExitCode> {
    let mut missing = 0;
    for (what, done) in [("Debian packages", debian::ensure()), ("npm packages", npm::ensure())] {
        match done {
            Ok(said) => println!("{what}: {said}"),
            Err(error) => {
                missing += 1;
                println!("{what}: {error:#}");
            }
        }
    }
    Ok(if missing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
