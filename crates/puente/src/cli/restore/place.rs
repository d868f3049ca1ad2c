//! The backup, checked, marked as restored, and put in place.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use engine::reconcile::signer;
use model::Ambient;
use rules::signed;
use serde_json::Value;
use store::op::HoldRaised;
use store::{Commit, Did, HoldWhy, Op, Store};

use super::super::backup::{checksum, manifest_of};
use crate::app::{lock, open_store};
use crate::config::{self, Config};

pub async fn run(file: &Path, force: bool, path: &Path) -> anyhow::Result<ExitCode> {
    let config = Config::read(path)?;
    let ambient = crate::ambient::system();
    let Some(target) = config.store.url.strip_prefix("sqlite:") else {
        let signed = read(file)?;
        let store = open_store(&config.store, &ambient).await?;
        check(&signed, &store)?;
        let held = mark(&store, &ambient).await?;
        store.close().await;
        told(held);
        return Ok(ExitCode::SUCCESS);
    };
    let target = PathBuf::from(target);
    let _alone = lock(&config.store)?;
    if target.exists() && !force {
        bail!(
            "{}: there is a database already; --force replaces it and keeps it beside",
            target.display()
        );
    }
    let signed = match manifest_of(file) {
        manifest if manifest.exists() => Some(read(&manifest)?),
        manifest if !force => bail!(
            "{}: without the manifest nobody can tell whether the backup is whole; --force goes on",
            manifest.display()
        ),
        _ => None,
    };
    if let Some(signed) = &signed {
        whole(file, signed)?;
    }
    // prepared beside its place, so that no moment leaves a database there that sends
    let prepared = beside(&target, "restoring");
    let _ = std::fs::remove_file(&prepared);
    std::fs::copy(file, &prepared).with_context(|| prepared.display().to_string())?;
    let url = format!("sqlite:{}", prepared.display());
    let store = open_store(&config::Store { url, ..config.store.clone() }, &ambient).await?;
    if let Some(signed) = &signed {
        check(signed, &store)?;
    }
    let held = mark(&store, &ambient).await?;
    store.close().await;
    File::open(&prepared).and_then(|f| f.sync_all()).context("the restored file")?;
    if target.exists() {
        let kept = set_aside(&target, &ambient)?;
        anstream::println!("the database that was there is {}", kept.display());
    }
    std::fs::rename(&prepared, &target).with_context(|| target.display().to_string())?;
    told(held);
    Ok(ExitCode::SUCCESS)
}

fn read(manifest: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(manifest).with_context(|| manifest.display().to_string())?;
    serde_json::from_str(&text).with_context(|| format!("{}: no manifest", manifest.display()))
}

fn whole(file: &Path, signed: &Value) -> anyhow::Result<()> {
    let (bytes, sha256) = checksum(file)?;
    let want = &signed["report"];
    if want["sha256"] != sha256.as_str() {
        bail!(
            "{}: {bytes} bytes that are not the {} of the manifest; take another backup",
            file.display(),
            want["bytes"]
        );
    }
    Ok(())
}

/// The manifest was written by the installation whose rows these are.
fn check(signed: &Value, store: &Store) -> anyhow::Result<()> {
    signed::verify(signed, &signer(store).public_key())
        .context("the manifest does not belong to these rows")?;
    Ok(())
}

async fn mark(store: &Store, ambient: &Ambient) -> anyhow::Result<u64> {
    let hold = HoldRaised { at: ambient.now(), why: HoldWhy::Restored };
    let did = store.commit(Commit::of(vec![Op::Hold(hold)])).await?;
    Ok(match did.first() {
        Some(Did::Count(held)) => *held,
        _ => 0,
    })
}

/// The file and its log, under a name that tells when.
fn set_aside(target: &Path, ambient: &Ambient) -> anyhow::Result<PathBuf> {
    let kept = beside(target, &format!("before-restore-{}", ambient.now().0));
    for end in ["", "-wal", "-shm"] {
        let from = with_end(target, end);
        if from.exists() {
            std::fs::rename(&from, with_end(&kept, end))
                .with_context(|| from.display().to_string())?;
        }
    }
    Ok(kept)
}

fn beside(target: &Path, what: &str) -> PathBuf {
    with_end(target, &format!(".{what}"))
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn told(held: u64) {
    anstream::println!(
        "restored; {held} unfinished send(s) are held and nothing is sent until they are matched.\n\
         Start the bridge: it asks Salesforce by itself. `puente restore status` shows what is left."
    );
}
