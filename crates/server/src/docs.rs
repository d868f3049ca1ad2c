//! `/openapi.json`, and `/docs`: a page of our own that reads it. No script or
//! style of another host, so it works behind a closed door. [`pages`] shows the
//! pages that a problem's `type` points to.

mod pages;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::header;
use utoipa::openapi::OpenApi;

use crate::state::App;

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                   img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE: &str = include_str!("docs/index.html");
const SCRIPT: &str = include_str!("docs/docs.js");
const STYLE: &str = include_str!("docs/docs.css");

pub fn routes(document: &OpenApi) -> Router<App> {
    let text = serde_json::to_vec(document).expect("the document holds texts and lists only");
    let text = Arc::new(Bytes::from(text));
    let document = move || {
        let text = Bytes::clone(&text);
        async move { ([(header::CONTENT_TYPE, "application/json")], text) }
    };
    Router::new()
        .route("/openapi.json", get(document))
        .route("/docs", get(|| async { part("text/html; charset=utf-8", PAGE) }))
        .route("/docs/docs.js", get(|| async { part("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/docs/docs.css", get(|| async { part("text/css; charset=utf-8", STYLE) }))
        .route("/docs/faults/{code}", get(pages::fault))
        .route("/docs/concepts/{name}", get(pages::concept))
}

fn part(kind: &'static str, text: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, CSP)];
    (headers, text).into_response()
}
