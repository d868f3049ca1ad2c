//! The door of the REST API: version, session, quota, body, then the call.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, Method, Response, header};
use serde_json::{Value, json};

use super::files::{self, Blob};
use super::run::run;
use super::{Call, Reply, VERSIONS, batch, composite, limits};
use crate::bulk::{self, Said};
use crate::error::ApiError;
use crate::org::Actor;
use crate::shared::Shared;
use crate::traffic::OnRoad;

/// URI and headers together may be this long.
const HEAD_MAX: usize = 16_384;

/// The name by which fault rules and the request log know a call.
pub fn operation(method: &Method, path: &str) -> &'static str {
    let lower = path.to_lowercase();
    let segments: Vec<&str> = lower.split('/').filter(|s| !s.is_empty()).collect();
    let by = |get, create, update, delete| match *method {
        Method::POST => create,
        Method::PATCH => update,
        Method::DELETE => delete,
        _ => get,
    };
    match &segments[..] {
        ["services", "oauth2", "token"] => "token",
        ["services", "oauth2", "introspect"] => "introspect",
        ["services", "oauth2", "revoke"] => "revoke",
        ["services", "oauth2", "userinfo"] | ["id", ..] => "identity",
        ["services", "data"] => "versions",
        ["services", "data", _, rest @ ..] => match rest {
            ["sobjects"] => "global",
            ["sobjects", _, "describe"] => "describe",
            ["sobjects", _, "listviews", _, "describe"] => "listview.describe",
            ["analytics", "reports", _] => "report.run",
            ["sobjects", _] => by("object.get", "row.create", "object.patch", "object.delete"),
            ["sobjects", _, _] => by("row.get", "row.post", "row.update", "row.delete"),
            ["sobjects", _, _, _] => by("key.get", "key.post", "key.upsert", "key.delete"),
            ["composite"] => "composite",
            ["composite", "batch"] => "composite.batch",
            ["composite", "graph"] => "composite.graph",
            ["composite", "sobjects", _, _] => "collections.upsert",
            ["composite", "sobjects", _] => "collections.get",
            ["composite", "sobjects"] => by(
                "collections.get",
                "collections.create",
                "collections.update",
                "collections.delete",
            ),
            ["query" | "queryall"] => "query",
            ["query" | "queryall", _] => "query.next",
            ["jobs", "ingest"] => by("bulk.list", "bulk.create", "bulk.patch", "bulk.delete"),
            ["jobs", "ingest", _] => by("bulk.get", "bulk.post", "bulk.patch", "bulk.delete"),
            ["jobs", "ingest", _, "batches"] => "bulk.upload",
            ["jobs", "ingest", _, _] => "bulk.results",
            ["limits"] => "limits",
            ["limits", "recordcount"] => "limits.recordCount",
            [] => "resources",
            _ => "other",
        },
        _ => "other",
    }
}

/// Answers one request under `/services/data`.
pub async fn answer(shared: &Arc<Shared>, parts: &Parts, body: &Bytes) -> Response<Body> {
    let path = parts.uri.path();
    if path.trim_end_matches('/') == "/services/data" {
        return Reply::ok(versions()).into_response(Vec::new());
    }
    let said: Said = match call(shared, parts, body).await {
        Ok((call, _on_road)) if is_bulk(&call) => bulk::answer(shared, &call, parts, body),
        Ok((call, _on_road)) => {
            if let Some(bytes) = files::bytes(&shared.org.lock(), &call) {
                return bytes;
            }
            dispatch(shared, call).await.into()
        }
        Err(error) => Reply::error(&error).into(),
    };
    let mut headers = Vec::new();
    if said.status() != 401 {
        let usage = shared.usage.lock().header(shared.gate.clock.now_ms());
        headers.push((HeaderName::from_static("sforce-limit-info"), usage));
    } else {
        headers.push((header::WWW_AUTHENTICATE, "Token".to_owned()));
    }
    said.into_response(headers)
}

fn is_bulk(call: &Call) -> bool {
    let segment = |n: usize| call.path.get(n).map(|s| s.to_lowercase());
    segment(0).as_deref() == Some("jobs") && segment(1).as_deref() == Some("ingest")
}

/// The call with its body read: JSON, or a form with a file.
async fn call<'a>(
    shared: &'a Shared,
    parts: &Parts,
    body: &Bytes,
) -> Result<(Call, OnRoad<'a>), ApiError> {
    let (mut call, on_road) = admit(shared, parts)?;
    let blob: Option<Blob> = if files::is_form(&parts.headers) {
        let (entity, blob) = files::read_form(parts, body).await?;
        call.body = entity;
        Some(blob)
    } else {
        if !bulk::is_upload(&parts.method, parts.uri.path()) {
            call.body = json_body(parts, body)?;
        }
        None
    };
    files::keep(&mut shared.org.lock(), &mut call, blob)?;
    Ok((call, on_road))
}

async fn dispatch(shared: &Shared, call: Call) -> Reply {
    let lower: Vec<String> = call.path.iter().map(|s| s.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(|s| &**s).collect();
    match (&lower[..], &call.method) {
        (["composite"], &Method::POST) => composite::composite(shared, &call).await,
        (["composite", "graph"], &Method::POST) => composite::graph(shared, &call).await,
        (["composite", "batch"], &Method::POST) => batch::batch(shared, &call).await,
        (["composite"] | ["composite", "graph" | "batch"], _) => {
            Reply::error(&call.not_allowed("POST"))
        }
        (["limits"], &Method::GET) => {
            let now = shared.gate.clock.now_ms();
            let batches = shared.jobs.lock().batches;
            Reply::ok(limits::limits(&shared.org.lock(), &mut shared.usage.lock(), now, batches))
        }
        _ => run(shared, call, None, 1).await,
    }
}

/// What a header of a call, or of a subrequest, says of how records are saved.
pub fn heed(actor: &mut Actor, name: &str, value: &str) {
    match name.to_ascii_lowercase().as_str() {
        "sforce-call-options" => actor.client = option(value, "client").map(str::to_owned),
        "sforce-auto-assign" => actor.auto_assign = !value.eq_ignore_ascii_case("false"),
        "sforce-duplicate-rule-header" => {
            let allow = option(value, "allowSave");
            actor.allow_save = allow.is_some_and(|v| v.eq_ignore_ascii_case("true"));
        }
        _ => {}
    }
}

/// Everything that is checked before the call is looked at.
fn admit<'a>(shared: &'a Shared, parts: &Parts) -> Result<(Call, OnRoad<'a>), ApiError> {
    head_size(parts)?;
    let now = shared.gate.clock.now_ms();
    let session = shared.auth.lock().enter(&parts.headers, now)?;
    let target = parts.uri.path_and_query().map_or("", |t| t.as_str());
    let mut actor = Actor::of(&session.user_id, now);
    for (name, value) in &parts.headers {
        heed(&mut actor, name.as_str(), value.to_str().unwrap_or_default());
    }
    let text =
        |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut call = Call::at(parts.method.clone(), target, Value::Null, actor)
        .ok_or_else(ApiError::not_found)?;
    version(call.version)?;
    if call.method == Method::POST && call.param("_HttpMethod") == Some("PATCH") {
        call.method = Method::PATCH;
    }
    let batch =
        option(text("sforce-query-options"), "batchSize").and_then(|v| v.parse::<usize>().ok());
    call.batch_size = Some(batch.map_or(shared.config.query_batch, |b| b.clamp(200, 2_000)));
    let exceeded = |text: &str| ApiError::new(403, "REQUEST_LIMIT_EXCEEDED", text);
    let on_road = shared
        .road
        .enter(&shared.gate.clock, shared.config.long_calls_max)
        .ok_or_else(|| exceeded("ConcurrentRequests (Concurrent API Requests) Limit exceeded."))?;
    if !shared.usage.lock().spend(now) {
        return Err(exceeded("TotalRequests Limit exceeded."));
    }
    Ok((call, on_road))
}

fn head_size(parts: &Parts) -> Result<(), ApiError> {
    let uri = parts.uri.path_and_query().map_or(0, |t| t.as_str().len());
    let headers: usize = parts.headers.iter().map(|(k, v)| k.as_str().len() + v.len()).sum();
    if uri > HEAD_MAX {
        return Err(ApiError::new(
            414,
            "URI_TOO_LONG",
            format!("the URI is longer than {HEAD_MAX} bytes"),
        ));
    }
    if uri + headers > HEAD_MAX {
        let text = format!("URI and headers are longer than {HEAD_MAX} bytes");
        return Err(ApiError::new(431, "REQUEST_HEADER_FIELDS_TOO_LARGE", text));
    }
    Ok(())
}

fn version(version: u16) -> Result<(), ApiError> {
    if version < *VERSIONS.start() {
        let text = format!("The API version {version}.0 is retired and no longer available");
        return Err(ApiError::new(410, "UNSUPPORTED_API_VERSION", text));
    }
    if version > *VERSIONS.end() {
        return Err(ApiError::not_found());
    }
    Ok(())
}

fn json_body(parts: &Parts, body: &Bytes) -> Result<Value, ApiError> {
    if body.is_empty() || parts.method == Method::GET || parts.method == Method::DELETE {
        return Ok(Value::Null);
    }
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.to_lowercase().starts_with("application/json") {
        let text = format!("Content type {kind:?} is not supported; send application/json");
        return Err(ApiError::new(415, "UNSUPPORTED_MEDIA_TYPE", text));
    }
    serde_json::from_slice(body)
        .map_err(|e| ApiError::json(format!("the body does not read as JSON: {e}")))
}

/// A value of a header such as `client=a, defaultNamespace=b`.
fn option<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = header.split([',', ';']).filter_map(|p| p.split_once('='));
    pairs.find(|(k, _)| k.trim().eq_ignore_ascii_case(name)).map(|(_, v)| v.trim())
}

fn versions() -> Value {
    let list: Vec<_> = VERSIONS
        .map(|v| {
            let season = ["Spring", "Summer", "Winter"][usize::from(v % 3)];
            // The winter release is named after the year that follows.
            let year = v / 3 + 4 + u16::from(v % 3 == 2);
            json!({ "version": format!("{v}.0"), "label": format!("{season} '{year}"), "url": format!("/services/data/v{v}.0") })
        })
        .collect();
    json!(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_have_their_names() {
        let versions = versions();
        let label = |v: &str| {
            versions.as_array().unwrap().iter().find(|x| x["version"] == v).unwrap()["label"]
                .clone()
        };
        assert_eq!(label("68.0"), "Winter '27");
        assert_eq!(label("66.0"), "Spring '26");
        assert_eq!(label("64.0"), "Summer '25");
    }

    #[test]
    fn operations_have_names() {
        for (method, path, want) in [
            (Method::POST, "/services/oauth2/token", "token"),
            (Method::POST, "/services/data/v66.0/composite", "composite"),
            (
                Method::PATCH,
                "/services/data/v66.0/composite/sobjects/X__c/Key__c",
                "collections.upsert",
            ),
            (Method::PATCH, "/services/data/v66.0/SObjects/Lead/00Q", "row.update"),
            (Method::GET, "/services/data/v66.0/query/", "query"),
            (Method::GET, "/services/data/v66.0/query/01g-2000", "query.next"),
            (Method::GET, "/favicon.ico", "other"),
        ] {
            assert_eq!(operation(&method, path), want, "{path}");
        }
    }
}
