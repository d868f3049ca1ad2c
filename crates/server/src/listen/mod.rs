//! Sockets: who may connect, how long they may take, and how they end.
//!
//! A peer that sends nothing, or a header a letter at a time, is cut off. Past
//! the bound on connections newcomers wait in the system's queue. When told to
//! stop, the listener closes, requests under way get their time, and whoever is
//! still there then is cut off.

mod connection;
mod tls;

pub use tls::{Tls, TlsError};

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// How sockets are treated.
#[derive(Clone, Debug)]
pub struct Options {
    pub connections_max: usize,
    /// For the TLS handshake, and for the head of a request.
    pub header_timeout: Duration,
    /// For requests under way when told to stop.
    pub drain: Duration,
    /// Plain HTTP when absent: TLS then ends at a proxy in front.
    pub tls: Option<Tls>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connections_max: 4096,
            header_timeout: Duration::from_secs(10),
            drain: Duration::from_secs(20),
            tls: None,
        }
    }
}

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every connection ended by itself.
    Drained,
    /// Some were cut off at the end of the drain.
    CutOff,
}

/// Serves `router` until `stop` is cancelled and connections have drained.
pub async fn serve(
    options: Options,
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
) -> Ended {
    let room = Arc::new(Semaphore::new(options.connections_max));
    let graceful = GracefulShutdown::new();
    let cut = CancellationToken::new();
    let options = Arc::new(options);
    let reloads = options.tls.as_ref().map(|tls| tokio::spawn(tls.clone().watch(stop.clone())));
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = accept(&listener, &room) => accepted,
        };
        let Some((stream, permit)) = accepted else {
            continue;
        };
        let (router, watcher) = (router.clone(), graceful.watcher());
        let (options, cut) = (options.clone(), cut.clone());
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = cut.cancelled() => {}
                () = connection::serve(stream, router, &options, watcher) => {}
            }
            drop(permit);
        });
    }
    drop(listener);
    let ended = match tokio::time::timeout(options.drain, graceful.shutdown()).await {
        Ok(()) => Ended::Drained,
        Err(_) => Ended::CutOff,
    };
    cut.cancel();
    if let Some(task) = reloads {
        task.abort();
    }
    ended
}

/// Room first, then a connection: what finds no room stays in the queue.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let permit = room.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, permit)),
        Err(error) => {
            // One caller's affair, or too many open files: the next connection
            // to end relieves that, so do not spin meanwhile.
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}
