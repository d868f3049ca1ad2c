//! The callback as Meta sees it, and the clocks.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response, StatusCode};
use model::{Body, Carried, Exchange, Lost, Outcome};

use super::super::said::Verdict::{Fail, Ok, Warn};
use super::scene::Ward;

/// To a request for this URL.
type Answer = fn(&str) -> Outcome;

/// Something that stands where puente should.
struct Other(Answer);

impl Exchange for Other {
    fn carry(&self, request: Request<Body>) -> BoxFuture<'_, Carried> {
        let answer = (self.0)(&request.uri().to_string());
        Box::pin(std::future::ready(answer.map(|answer| answer.map(Body::Whole))))
    }
}

fn status(status: StatusCode) -> Outcome {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = status;
    Result::Ok(answer)
}

#[tokio::test]
async fn a_callback_that_meta_could_not_use_is_told() {
    let mut ward = Ward::new().await;
    let table: [(Answer, &str); 6] = [
        (|_| Err(Lost::BeforeWrite), "openssl s_client -connect puente.test:443"),
        (|_| status(StatusCode::MOVED_PERMANENTLY), "no redirect"),
        (|_| status(StatusCode::BAD_GATEWAY), "puente serve"),
        (|_| status(StatusCode::NOT_FOUND), "/messages"),
        (|_| status(StatusCode::OK), "another program"),
        (
            |url| {
                let challenge = url.rsplit("hub.challenge=").next().unwrap_or_default().to_owned();
                Result::Ok(Response::new(challenge.into()))
            },
            "any verify token",
        ),
    ];
    for (other, words) in table {
        ward.public = Some(Arc::new(Other(other)));
        ward.expect("callback", Fail, &[words]).await;
    }
}

#[tokio::test]
async fn a_callback_needs_an_address_and_the_token_that_serves() {
    let mut ward = Ward::new().await;
    std::fs::write(ward.dir.path().join("verify_token"), "newer").unwrap();
    ward.expect("callback", Fail, &["403", "another verify token"]).await;
    ward.config.server.public_url = Some("http://puente.test".into());
    ward.expect("callback", Fail, &["not https"]).await;
    ward.config.server.public_url = None;
    ward.expect("callback", Fail, &["server.public_url is not set"]).await;
}

#[tokio::test]
async fn clocks_may_be_half_a_minute_apart() {
    let mut ward = Ward::new().await;
    for (ahead_ms, verdict, side) in [
        (25_000, Ok, "behind"),
        (-25_000, Ok, "ahead"),
        (40_000, Warn, "behind"),
        (-40_000, Warn, "ahead"),
    ] {
        ward.ahead_ms = ahead_ms;
        let words: &[&str] = if verdict == Warn { &[side, "timedatectl"] } else { &[side] };
        ward.expect("clock", verdict, words).await;
    }
}
