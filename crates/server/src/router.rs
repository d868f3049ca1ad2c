//! One router: guarded routes, open routes, pages, and what stands around all.

use axum::extract::{DefaultBodyLimit, Request};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use http::header;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::sensitive_headers::SetSensitiveRequestHeadersLayer;

use crate::auth;
use crate::problem::{self, Problem};
use crate::state::{App, AppState, Inner};
use crate::{console, docs, hold, openapi, request};

/// First segments that belong to programs: an unknown address below them is a
/// problem document and never the console.
const PROGRAM_PATHS: [&str; 11] = [
    "api", "send", "media", "status", "messages", "webhook", "t", "a", "healthz", "readyz",
    "metrics",
];

/// Everything this crate serves.
pub fn router(state: AppState) -> Router {
    router_with(state, Router::new())
}

/// The same with `extra` routes beside it: they get the request id, the time
/// limit and the log line, but no guard.
pub fn router_with(state: AppState, extra: Router) -> Router {
    let body_max = state.options.request_bytes_max;
    let app = Inner::new(state);
    let routes = openapi::collect();
    let guarded = routes
        .guarded
        .route_layer(middleware::from_fn_with_state(app.clone(), hold::body))
        .layer(DefaultBodyLimit::max(body_max))
        .route_layer(middleware::from_fn_with_state(app.clone(), auth::guard));
    let mut router = routes
        .open
        .merge(guarded)
        .merge(docs::routes(&routes.document))
        .method_not_allowed_fallback(wrong_method)
        .with_state(app.clone())
        .merge(extra);
    let pages = app.clone();
    router = router.fallback(move |request: Request| elsewhere(pages.clone(), request));
    router
        .layer(CatchPanicLayer::custom(request::panicked))
        .layer(middleware::from_fn_with_state(app, request::finish))
        .layer(SetSensitiveRequestHeadersLayer::new([header::AUTHORIZATION, header::COOKIE]))
}

async fn wrong_method() -> Problem {
    Problem::new(&problem::METHOD, "This address is not for this method.")
}

async fn elsewhere(app: App, request: Request) -> Response {
    let path = request.uri().path();
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if PROGRAM_PATHS.contains(&first) {
        return Problem::new(&problem::NOT_FOUND, "There is no such address.").into_response();
    }
    console::answer(&app, &request)
}
