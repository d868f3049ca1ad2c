//! A router on a real socket, where a cut is a connection that ends.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::Cut;

/// Serves HTTP/1.1 and HTTP/2 until `shutdown` completes; connections still
/// open then are dropped. A response marked [`Cut`] is not written: its whole
/// connection ends, as a crashed host or a broken path would end it.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let mut open = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => return,
            Some(_) = open.join_next() => {}
            accepted = listener.accept() => {
                // A failed accept concerns one caller (or too many open files,
                // which the next finished connection relieves).
                match accepted {
                    Ok((stream, _)) => drop(open.spawn(connection(stream, router.clone()))),
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        }
    }
}

async fn connection(stream: TcpStream, router: Router) {
    // Small answers leave at once; a failure here only costs speed.
    let _ = stream.set_nodelay(true);
    let cut = Arc::new(Notify::new());
    let severed = cut.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, cut) = (router.clone(), cut.clone());
        async move {
            let Ok(response) = router.oneshot(request.map(Body::new)).await;
            if Cut::of(&response).is_some() {
                cut.notify_one();
                std::future::pending::<()>().await;
            }
            Ok::<_, Infallible>(response)
        }
    });
    let builder = Builder::new(TokioExecutor::new());
    tokio::select! {
        biased;
        () = severed.notified() => {}
        // The peer's own breaks are its affair.
        _ = builder.serve_connection_with_upgrades(TokioIo::new(stream), service) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    async fn ask(address: std::net::SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        // A reset counts as an end without an answer.
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    #[tokio::test]
    async fn a_cut_ends_the_connection_without_a_byte() {
        let router = Router::new()
            .route("/ok", get(|| async { "fine" }))
            .route("/cut", get(|| async { Cut::Before.response() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, router, async { drop(stopped.await) }));
        assert!(ask(address, "/ok").await.ends_with("fine"));
        assert_eq!(ask(address, "/cut").await, "");
        assert!(ask(address, "/ok").await.ends_with("fine"), "only one connection ended");
        drop(stop);
        server.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}
