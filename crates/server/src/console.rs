//! The web console: built files carried inside the binary.
//!
//! Hashed files under `assets/` never change and are cached for ever; the page
//! itself is never cached and gets a fresh nonce. An unknown path with a file
//! extension is 404, one without is a page of the app.

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use rust_embed::RustEmbed;

use crate::problem::{self, Problem};
use crate::state::Inner;

#[derive(RustEmbed)]
#[folder = "$CONSOLE_EMBED_DIR"]
#[allow_missing = true]
struct Built;

const MISSING: &str = include_str!("console/missing.html");
const NONCE_MARK: &str = "__NONCE__";

/// One built file and the hash of its bytes.
struct File {
    bytes: Bytes,
    hash: [u8; 32],
}

fn built(path: &str) -> Option<File> {
    let file = Built::get(path)?;
    Some(File { bytes: Bytes::from(file.data.into_owned()), hash: file.metadata.sha256_hash() })
}

pub fn answer(app: &Inner, request: &Request) -> Response {
    let nonce = format!("{:016x}{:016x}", app.ambient.chance.u64(), app.ambient.chance.u64());
    let head = request.method() == Method::HEAD;
    if !head && request.method() != Method::GET {
        return Problem::new(&problem::METHOD, "Pages are only read.").into_response();
    }
    let mut response = page(request.uri().path(), request.headers(), &nonce, built);
    if head {
        *response.body_mut() = Body::empty();
    }
    response
}

fn page(
    path: &str,
    headers: &HeaderMap,
    nonce: &str,
    find: impl Fn(&str) -> Option<File>,
) -> Response {
    let name = path.trim_start_matches('/');
    let last = name.rsplit('/').next().unwrap_or_default();
    if last.contains('.') && name != "index.html" {
        return asset(name, headers, find);
    }
    let text = match find("index.html") {
        Some(index) => String::from_utf8_lossy(&index.bytes).replace(NONCE_MARK, nonce),
        None => MISSING.replace(NONCE_MARK, nonce),
    };
    let mut response = text.into_response();
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    if let Ok(policy) = HeaderValue::from_str(&policy(nonce)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
}

fn asset(name: &str, headers: &HeaderMap, find: impl Fn(&str) -> Option<File>) -> Response {
    // A `.br` file is a form of another file, not a file of its own.
    let Some(plain) = find(name).filter(|_| !name.ends_with(".br")) else {
        return Problem::new(&problem::NOT_FOUND, "There is no such file.").into_response();
    };
    let tag =
        format!("\"{}\"", plain.hash[..16].iter().map(|b| format!("{b:02x}")).collect::<String>());
    let cached = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|sent| sent == tag.as_str());
    let packed = accepts_brotli(headers).then(|| find(&format!("{name}.br"))).flatten();
    let mut response = match (known, &packed) {
        (true, _) => StatusCode::NOT_MODIFIED.into_response(),
        (false, Some(file)) => Body::from(file.bytes.clone()).into_response(),
        (false, None) => Body::from(plain.bytes).into_response(),
    };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind_of(name)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cached));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if packed.is_some() && !known {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    response
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let refused =
            matches!(weight.trim().strip_prefix("q="), Some("0" | "0.0" | "0.00" | "0.000"));
        name.trim().eq_ignore_ascii_case("br") && !refused
    })
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests;
