//! The way to addresses that callers wrote: the public internet and nothing else.
//!
//! A name is resolved once, all its addresses are looked at, and the connection
//! goes to one of these. So a name that answers differently a moment later
//! leads nowhere else, and no proxy of the environment is asked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::Request;
use model::{Body, Carried, Exchange, Lost};
use rules::network::is_public;

use crate::http::{builder, carry};

/// From the request to the head of its answer.
const TIMEOUT: Duration = Duration::from_secs(30);

struct Public {
    may: fn(std::net::IpAddr) -> bool,
}

pub fn toward_the_public() -> anyhow::Result<Arc<dyn Exchange>> {
    Ok(Arc::new(Public { may: is_public }))
}

impl Exchange for Public {
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried> {
        self.pinned(request).boxed()
    }
}

impl Public {
    async fn pinned(&self, request: Request<Body>) -> Carried {
        let host = request.uri().host().ok_or(Lost::BeforeWrite)?.to_owned();
        let secure = request.uri().scheme_str() == Some("https");
        let port = request.uri().port_u16().unwrap_or(if secure { 443 } else { 80 });
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let addresses: Vec<SocketAddr> =
            tokio::net::lookup_host((bare, port)).await.map_err(|_| Lost::BeforeWrite)?.collect();
        if addresses.is_empty() {
            return Err(Lost::BeforeWrite);
        }
        // one that is not public is enough: such a name is not to be trusted
        if !addresses.iter().all(|address| (self.may)(address.ip())) {
            return Err(Lost::Barred);
        }
        let client = builder().no_proxy().resolve_to_addrs(&host, &addresses).build();
        carry(&client.map_err(|_| Lost::BeforeWrite)?, request, TIMEOUT).await
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    async fn get(may: fn(std::net::IpAddr) -> bool, url: &str) -> Result<Bytes, Lost> {
        let request = Request::get(url).body(Body::Whole(Bytes::new())).unwrap();
        let answer = Public { may }.carry(request).await?;
        answer.into_body().whole().await.map_err(|_| Lost::AfterWrite)
    }

    #[tokio::test]
    async fn what_is_not_public_is_barred_before_a_byte_goes_out() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = axum::Router::new().fallback(|| async { "inside" });
        tokio::spawn(async move { axum::serve(listener, router).await });
        for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"] {
            let url = format!("http://{host}:{port}/x");
            assert_eq!(get(is_public, &url).await, Err(Lost::Barred), "{host}");
        }
        let url = format!("http://localhost:{port}/x");
        assert_eq!(get(|_| true, &url).await.unwrap(), "inside", "it is the rule that bars");
    }
}
