//! The real client behind [`model::Exchange`]: pooled, no redirects, no repeats.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, Stream, StreamExt};
use http::{HeaderValue, Request, Response, header};
use model::{Body, Carried, Exchange, Flow, Lost, Outcome};

/// Meta's answers take a second or two; beyond this the outcome is unknown.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Salesforce may take ten minutes for one call; a wave of ours takes seconds.
const WAVE_TIMEOUT: Duration = Duration::from_secs(120);
/// The longest answer of either remote that is not a file stays far below.
const ANSWER_BYTES_MAX: usize = 32 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A flowing body may be as slow as this: below it, something is stuck.
const BYTES_PER_SECOND_MIN: u64 = 128 * 1024;
/// Between two pieces of a flowing answer.
const PIECE_TIMEOUT: Duration = Duration::from_secs(30);

struct Http {
    client: reqwest::Client,
    /// From the request's first byte to the answer's last, where both are whole.
    timeout: Duration,
}

impl Exchange for Http {
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried> {
        carry(&self.client, request, self.timeout).boxed()
    }

    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Outcome> {
        let exchange = async move {
            let (parts, body) = self.carry(request.map(Body::Whole)).await?.into_parts();
            Ok(Response::from_parts(parts, whole(body).await?))
        };
        // connecting has a shorter limit of its own
        tokio::time::timeout(self.timeout, exchange)
            .map(|ended| ended.unwrap_or(Err(Lost::AfterWrite)))
            .boxed()
    }
}

/// The answer's head comes within `timeout` and the time that the request's
/// length may take.
pub async fn carry(client: &reqwest::Client, request: Request<Body>, timeout: Duration) -> Carried {
    let length = request.body().length().ok_or(Lost::BeforeWrite)?;
    let timeout = timeout + Duration::from_secs(length / BYTES_PER_SECOND_MIN);
    let (mut parts, body) = request.into_parts();
    let body = match body {
        Body::Whole(bytes) => reqwest::Body::from(bytes),
        Body::Flow(flow) => {
            // instead of chunks, which neither remote takes
            parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
            reqwest::Body::wrap_stream(flow.pieces)
        }
    };
    let request = reqwest::Request::try_from(Request::from_parts(parts, body))
        .map_err(|_| Lost::BeforeWrite)?;
    let answer = tokio::time::timeout(timeout, client.execute(request))
        .await
        .map_err(|_| Lost::AfterWrite)?
        .map_err(|e| lost(&e))?;
    let mut parts = Response::new(()).into_parts().0;
    parts.status = answer.status();
    parts.headers = answer.headers().clone();
    let length = answer.content_length();
    let pieces = in_time(answer.bytes_stream());
    Ok(Response::from_parts(parts, Body::Flow(Flow { length, pieces })))
}

/// Ends with an error when the next piece does not come in time.
fn in_time(
    pieces: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static,
) -> BoxStream<'static, std::io::Result<Bytes>> {
    let next = |mut pieces: BoxStream<'static, reqwest::Result<Bytes>>| async move {
        let piece = match tokio::time::timeout(PIECE_TIMEOUT, pieces.next()).await {
            Ok(piece) => piece?.map_err(std::io::Error::other),
            Err(_) => Err(std::io::ErrorKind::TimedOut.into()),
        };
        Some((piece, pieces))
    };
    futures_util::stream::unfold(pieces.boxed(), next).boxed()
}

/// An answer without an end is as good as none.
async fn whole(body: Body) -> Result<Bytes, Lost> {
    let mut pieces = match body {
        Body::Whole(bytes) => return Ok(bytes),
        Body::Flow(flow) => flow.pieces,
    };
    let mut all = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Lost::AfterWrite)?;
        if all.len() + piece.len() > ANSWER_BYTES_MAX {
            return Err(Lost::AfterWrite);
        }
        all.extend_from_slice(&piece);
    }
    Ok(all.freeze())
}

/// Only a failure to connect proves that not a byte went out.
fn lost(error: &reqwest::Error) -> Lost {
    if error.is_connect() || error.is_builder() { Lost::BeforeWrite } else { Lost::AfterWrite }
}

pub fn builder() -> reqwest::ClientBuilder {
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
    let client = builder().http1_only().pool_max_idle_per_host(108);
    let client = client.build().context("the HTTP client toward Meta")?;
    Ok(Arc::new(Http { client, timeout: CALL_TIMEOUT }))
}

pub fn toward_salesforce() -> anyhow::Result<Arc<dyn Exchange>> {
    let client = builder().gzip(true);
    let client = client.build().context("the HTTP client toward Salesforce")?;
    Ok(Arc::new(Http { client, timeout: WAVE_TIMEOUT }))
}
