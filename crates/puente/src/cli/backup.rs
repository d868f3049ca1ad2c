//! `puente backup`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use aws_lc_rs::digest::{Context as Digest, SHA256};
use engine::reconcile::signer;
use jiff::Timestamp;
use model::UnixMs;
use serde_json::{Map, Value, json};
use store::Store;

use super::org::Beside;
use crate::app::open_store;
use crate::config;

/// Shown by `--help`.
const HELP: &str = "\
     Copies the database of one moment to FILE while the bridge goes on working (SQLite), reads \
     the copy back, and writes FILE.manifest.json: installation, generation, marks, size and \
     checksum, signed.\n\n\
     The master key is not in it: keep a copy of that elsewhere, for without it nothing in the \
     backup can be read.\n\n\
     PostgreSQL is copied by its own tools. There this writes the manifest alone and says which \
     commands to use.";

#[derive(clap::Args)]
#[command(after_long_help = HELP)]
pub struct Args {
    /// Must not exist yet.
    file: PathBuf,
}

pub async fn run(args: Args, path: &Path) -> anyhow::Result<ExitCode> {
    let manifest = manifest_of(&args.file);
    for file in [&args.file, &manifest] {
        if file.exists() {
            bail!("{}: it is there already; choose another name", file.display());
        }
    }
    let beside = Beside::open(path).await?;
    let at = beside.ambient.now();
    if !beside.config.store.url.starts_with("sqlite:") {
        let about = about(&beside.store, "postgresql", at).await?;
        write(&manifest, &signer(&beside.store).sign(about))?;
        anstream::println!(
            "store.url is PostgreSQL, which copies itself better than a program above it could:\n\
             \n  pg_dump --format=custom --file={} <store.url>     one database, restored by pg_restore\
             \n  pg_basebackup --wal-method=stream --pgdata=...    the whole server, and with archived\
             \n                                                    WAL any moment since\n\
             \nThe marks of this moment are in {}. After you have restored the rows:\
             \n  puente restore {}",
            args.file.display(),
            manifest.display(),
            manifest.display(),
        );
        beside.store.close().await;
        return Ok(ExitCode::SUCCESS);
    }
    beside.store.copy_to(&args.file).await.with_context(|| args.file.display().to_string())?;
    beside.store.close().await;
    // a copy that was never opened is a hope
    let url = format!("sqlite:{}", args.file.display());
    let copy = open_store(&config::Store { url, ..beside.config.store }, &beside.ambient).await?;
    let (mut about, signer) = (about(&copy, "sqlite", at).await?, signer(&copy));
    copy.close().await;
    let (bytes, sha256) = checksum(&args.file)?;
    about["file"] = args.file.file_name().unwrap_or_default().to_string_lossy().into();
    about["bytes"] = bytes.into();
    about["sha256"] = sha256.into();
    write(&manifest, &signer.sign(about))?;
    anstream::println!("{} ({bytes} bytes) and {}", args.file.display(), manifest.display());
    Ok(ExitCode::SUCCESS)
}

pub fn manifest_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".manifest.json");
    name.into()
}

async fn about(store: &Store, engine: &str, at: UnixMs) -> anyhow::Result<Value> {
    let installation = store.installation().await?;
    let mut high_water = Map::new();
    for tenant in store.tenants().await? {
        let begun = store.last_begun(&tenant.id).await?.map(text);
        high_water.insert(tenant.id.to_string(), begun.into());
    }
    Ok(json!({
        "kind": "puente backup",
        "format": 1,
        "puente": env!("CARGO_PKG_VERSION"),
        "engine": engine,
        "installation": installation.id.to_string(),
        "generation": installation.generation,
        "taken_at": text(at),
        "last_send_begun": high_water,
    }))
}

fn text(at: UnixMs) -> String {
    Timestamp::from_millisecond(at.0).map(|at| format!("{at:.3}")).unwrap_or_default()
}

/// Bytes and lower-case hex SHA-256, without reading the file into memory.
pub fn checksum(path: &Path) -> anyhow::Result<(u64, String)> {
    let told = || path.display().to_string();
    let mut file = std::fs::File::open(path).with_context(told)?;
    let (mut digest, mut bytes) = (Digest::new(&SHA256), 0);
    let mut part = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut part).with_context(told)?;
        if read == 0 {
            break;
        }
        digest.update(&part[..read]);
        bytes += read as u64;
    }
    let hash = digest.finish();
    Ok((bytes, hash.as_ref().iter().map(|b| format!("{b:02x}")).collect()))
}

fn write(file: &Path, signed: &Value) -> anyhow::Result<()> {
    let text = format!("{}\n", serde_json::to_string_pretty(signed)?);
    std::fs::write(file, text).with_context(|| file.display().to_string())
}
