//! One connection, from its first byte to its end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::timeout;
use tower::ServiceExt;

use super::Options;

/// Streams one HTTP/2 connection may have open at a time.
const STREAMS_MAX: u32 = 256;

pub async fn serve(stream: TcpStream, router: Router, options: &Options, watcher: Watcher) {
    // Small answers leave at once; a failure here only costs speed.
    let _ = stream.set_nodelay(true);
    let Some(tls) = &options.tls else {
        return speak(stream, router, options.header_timeout, watcher).await;
    };
    match timeout(options.header_timeout, tls.accept(stream)).await {
        Ok(Ok(stream)) => speak(stream, router, options.header_timeout, watcher).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn speak<S>(stream: S, router: Router, header_timeout: Duration, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let first = Arc::new(Notify::new());
    let seen = first.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        seen.notify_one();
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(request.map(Body::new)).await;
            Ok::<_, Infallible>(response)
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(header_timeout);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20));
    let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    tokio::select! {
        biased;
        // The peer's own breaks are its affair.
        _ = watcher.watch(connection) => {}
        () = silent(&first, header_timeout) => tracing::debug!("a silent connection was closed"),
    }
}

/// Ends when no request began in time. The server's own header timeout starts
/// only after it has told HTTP/1 from HTTP/2, which a silent peer never lets it.
async fn silent(first: &Notify, limit: Duration) {
    if timeout(limit, first.notified()).await.is_ok() {
        std::future::pending::<()>().await;
    }
}
