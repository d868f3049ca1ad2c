//! From a listening socket to a clean end.
//!
//! Asked to end (SIGTERM, Ctrl-C), the process says so on `/readyz`, closes its
//! listener, lets requests under way finish, then the workers what they called.
//! The time it may take is `server.shutdown_seconds`. A worker or a store that
//! fails ends the process with an error; the next start recovers by itself.

use std::time::Duration;

use anyhow::{Context, bail};
use axum::Router;
use engine::Running;
use store::{Store, StoreError};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub struct Served {
    pub router: Router,
    pub listener: TcpListener,
    pub options: server::listen::Options,
    pub stopping: CancellationToken,
}

pub async fn run(served: Served, mut running: Running, store: Store) -> anyhow::Result<()> {
    let Served { router, listener, options, stopping } = served;
    let drain = options.drain;
    let serving = tokio::spawn(server::listen::serve(options, listener, router, stopping.clone()));
    let failed = tokio::select! {
        biased;
        asked = asked_to_end() => {
            asked?;
            None
        }
        error = running.failed() => Some(error),
    };
    stopping.cancel();
    match failed {
        None => {
            tracing::info!("asked to end: finishing what is under way");
            let _ = serving.await;
            if tokio::time::timeout(drain, running.stop()).await.is_err() {
                tracing::warn!("calls were still under way; the next start settles them");
            }
            store.close().await;
            Ok(())
        }
        Some(error) => {
            let _ = tokio::time::timeout(Duration::from_secs(1), serving).await;
            ended(&error)
        }
    }
}

fn ended(error: &StoreError) -> anyhow::Result<()> {
    bail!("a worker could not go on: {error}; nothing acknowledged is lost, start again")
}

async fn asked_to_end() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).context("SIGTERM")?;
        tokio::select! {
            biased;
            _ = terminate.recv() => Ok(()),
            done = tokio::signal::ctrl_c() => done.context("Ctrl-C"),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.context("Ctrl-C")
}
