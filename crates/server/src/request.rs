//! What every request gets, whatever its route: an id, a time limit, a line in
//! the log, and headers that keep answers out of caches and frames.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};

use crate::api::media;
use crate::problem::{self, Problem};
use crate::state::App;

/// Who looks whether the process is well must see it when it is crowded.
const OPERATIONS: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

pub const ID: HeaderName = HeaderName::from_static("x-request-id");

/// `req_` and 16 hexadecimal digits, or what the caller sent as `X-Request-Id`.
#[derive(Clone, Debug)]
pub struct RequestId(pub HeaderValue);

pub async fn finish(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = RequestId(id_of(&app, &request));
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned());
    let began = app.ambient.clock.mono();

    let limit = match route.as_deref() {
        Some(media::PATH) => app.options.upload_time_max,
        _ => app.options.request_time_max,
    };
    let watched = OPERATIONS.contains(&request.uri().path());
    let mut response = match app.requests.take("requests") {
        Err(problem) if !watched => problem.into_response(),
        _place => in_time(limit, next.run(request)).await,
    };

    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let instance = id.0.to_str().unwrap_or_default();
        response = problem.with_instance(instance).into_response();
    }
    let ms = app.ambient.clock.mono() - began;
    // Only the route's pattern: a path or a query may name a person.
    let route = route.as_deref().unwrap_or("pages");
    app.metrics.answered(method.as_str(), route, response.status(), ms);
    tracing::debug!(%method, route, status = response.status().as_u16(), ms, id = ?id.0, "answered");
    dress(&mut response, id.0);
    response
}

async fn in_time(limit: Duration, answer: impl Future<Output = Response>) -> Response {
    let answer = tokio::time::timeout(limit, answer).await;
    answer.unwrap_or_else(|_| {
        let limit = limit.as_secs();
        Problem::new(&problem::TIMEOUT, format!("No answer was ready within {limit} s."))
            .into_response()
    })
}

fn id_of(app: &App, request: &Request) -> HeaderValue {
    let safe = |b: &u8| b.is_ascii_alphanumeric() || b"-_.".contains(b);
    let sent = request.headers().get(&ID).filter(|value| {
        let bytes = value.as_bytes();
        (1..=64).contains(&bytes.len()) && bytes.iter().all(safe)
    });
    sent.cloned().unwrap_or_else(|| {
        let text = format!("req_{:016x}", app.ambient.chance.u64());
        HeaderValue::from_str(&text).expect("letters and digits are a header value")
    })
}

fn dress(response: &mut Response, id: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(ID, id);
    let defaults = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    for (name, value) in defaults {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// A panic costs one request, never the process, and shows nothing of itself.
pub fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Problem::new(&problem::INTERNAL, "The request was given up.").into_response()
}
