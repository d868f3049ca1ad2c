//! `puente migrate`.

use std::path::Path;
use std::process::ExitCode;

use crate::app::open_store;
use crate::config::Config;

/// Opening the store migrates it; `serve` does the same at its start. This
/// command is for doing it before the new version serves.
#[derive(clap::Args)]
pub struct Args {}

pub async fn run(Args {}: Args, path: &Path) -> anyhow::Result<ExitCode> {
    let config = Config::read(path)?;
    let store = open_store(&config.store, &crate::ambient::system()).await?;
    let installation = store.installation().await?;
    anstream::println!("{} is at this version's schema", installation.id);
    store.close().await;
    Ok(ExitCode::SUCCESS)
}
