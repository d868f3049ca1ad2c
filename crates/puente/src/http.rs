//! The real client behind [`model::Exchange`]: pooled, no redirects, no repeats.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use http::{Request, Response};
use model::{Exchange, Lost, Outcome};

/// Meta's answers take a second or two; beyond this the outcome is unknown.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Salesforce may take ten minutes for one call; a wave of ours takes seconds.
const WAVE_TIMEOUT: Duration = Duration::from_secs(120);
/// The longest answer of either remote that is not a file stays far below.
const ANSWER_BYTES_MAX: usize = 32 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

struct Http {
    client: reqwest::Client,
}

impl Exchange for Http {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(|_| Lost::BeforeWrite)?;
            let answer = self.client.execute(request).await.map_err(|e| lost(&e))?;
            let mut parts = Response::new(()).into_parts().0;
            parts.status = answer.status();
            parts.headers = answer.headers().clone();
            Ok(Response::from_parts(parts, whole(answer).await?))
        })
    }
}

/// An answer without an end is as good as none.
async fn whole(mut answer: reqwest::Response) -> Result<Bytes, Lost> {
    let mut body = BytesMut::new();
    while let Some(piece) = answer.chunk().await.map_err(|_| Lost::AfterWrite)? {
        if body.len() + piece.len() > ANSWER_BYTES_MAX {
            return Err(Lost::AfterWrite);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

/// Only a failure to connect proves that not a byte went out.
fn lost(error: &reqwest::Error) -> Lost {
    if error.is_connect() || error.is_builder() { Lost::BeforeWrite } else { Lost::AfterWrite }
}

fn builder() -> reqwest::ClientBuilder {
    #[expect(clippy::disallowed_methods, reason = "clients are built here and handed on")]
    reqwest::Client::builder()
        .user_agent(concat!("puente/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(Duration::from_secs(60))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
}

/// Toward Meta: HTTP/1.1, so that one cut makes one send uncertain.
pub fn toward_meta() -> anyhow::Result<Arc<dyn Exchange>> {
    let client = builder().http1_only().timeout(CALL_TIMEOUT).pool_max_idle_per_host(64);
    Ok(Arc::new(Http { client: client.build().context("the HTTP client toward Meta")? }))
}

pub fn toward_salesforce() -> anyhow::Result<Arc<dyn Exchange>> {
    let client = builder().timeout(WAVE_TIMEOUT).gzip(true);
    Ok(Arc::new(Http { client: client.build().context("the HTTP client toward Salesforce")? }))
}
