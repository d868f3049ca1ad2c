//! What only a file shows: its bytes, its size, its keys, its migrations.

#[path = "../support/ambient.rs"]
mod ambient;
mod bounds;
mod bytes;
mod copy;
mod start;

use std::future::Future;
use std::path::{Path, PathBuf};

use model::ids::AppId;
use store::op::NewWebhook;
use store::{MasterKey, Op, SqliteOptions, Store, StoreError};

use crate::ambient::{T0, ambient};

struct Dir(tempfile::TempDir);

impl Dir {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("puente.db")
    }
}

fn master() -> MasterKey {
    MasterKey::from_bytes([0x42; 32])
}

fn open(path: &Path) -> Result<Store, StoreError> {
    open_with(path, SqliteOptions::default())
}

fn open_with(path: &Path, options: SqliteOptions) -> Result<Store, StoreError> {
    Store::open_sqlite_with(path, options, master(), ambient(1).0)
}

/// The store has threads of its own; the caller needs no more than this.
fn now<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime starts").block_on(future)
}

fn webhook(body: impl Into<::bytes::Bytes>) -> Op {
    Op::AppendWebhook(NewWebhook { app: AppId::new("main"), received_at: T0, body: body.into() })
}
