//! Runs the generator against a server, as a process of its own.

use std::net::SocketAddr;
use std::process::Stdio;

use anyhow::{Context, bail};
use tokio::process::Command;

use super::child::command;
use super::generate::Load;

/// The path at which `puente serve` takes webhooks.
pub const WEBHOOKS: &str = "/messages";
const CONNECTIONS: &str = "64";

/// Signed webhooks to `path` of `to`, `rate` a second (0: as many as are answered).
pub fn generator(to: SocketAddr, path: &str, seconds: u64, rate: u64) -> anyhow::Result<Command> {
    let (to, seconds, rate) = (to.to_string(), seconds.to_string(), rate.to_string());
    let what = ["bench", "generate", "--path", path, "--to", &to];
    let how = ["--seconds", &seconds, "--rate", &rate, "--connections", CONNECTIONS];
    command(1, what.into_iter().chain(how))
}

/// The load from its start to its end; an error when one was refused.
pub async fn load(to: SocketAddr, path: &str, seconds: u64, rate: u64) -> anyhow::Result<Load> {
    let mut generator = generator(to, path, seconds, rate)?;
    let output = generator.stderr(Stdio::inherit()).output().await?;
    if !output.status.success() {
        bail!("the generator failed: the lines above say why");
    }
    let figures: Load = serde_json::from_slice(&output.stdout).context("the generator")?;
    if figures.refused > 0 || figures.answered == 0 {
        bail!("{} webhooks were refused: {figures:?}", figures.refused);
    }
    Ok(figures)
}
