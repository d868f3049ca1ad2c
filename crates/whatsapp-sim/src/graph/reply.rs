//! Answers, with the headers that Graph sends along.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::{Call, Wrong};
use crate::core::Core;

pub enum Reply {
    Json { body: Value, usage: Option<(String, u32)> },
    Bytes { mime: String, bytes: Bytes },
    Html(StatusCode, &'static str),
}

pub type Replied = Result<Reply, Wrong>;

impl Reply {
    pub fn json(body: Value) -> Self {
        Self::Json { body, usage: None }
    }

    pub fn success() -> Self {
        Self::json(json!({ "success": true }))
    }

    /// Tells the percentage of an account's management quota that is used.
    pub fn with_usage(self, waba_id: &str, percent: u32) -> Self {
        match self {
            Self::Json { body, .. } => Self::Json { body, usage: Some((waba_id.into(), percent)) },
            other => other,
        }
    }

    pub fn response(self, core: &Arc<Core>, call: &Call) -> Response<Body> {
        match self {
            Self::Json { body, usage } => {
                let mut response = json_response(core, StatusCode::OK, &body, Some(call));
                if let Some((waba_id, percent)) = usage {
                    let line = json!({ waba_id: [{ "type": "whatsapp_business_management",
                        "call_count": percent, "total_cputime": 1, "total_time": 1,
                        "estimated_time_to_regain_access": 0 }] });
                    put(response.headers_mut(), "x-business-use-case-usage", &line.to_string());
                }
                response
            }
            Self::Bytes { mime, bytes } => {
                let mut response = Response::new(Body::from(bytes));
                put(response.headers_mut(), "content-type", &mime);
                response
            }
            Self::Html(status, text) => {
                let mut response = Response::new(Body::from(text));
                *response.status_mut() = status;
                put(response.headers_mut(), "content-type", "text/html; charset=utf-8");
                response
            }
        }
    }
}

/// A refusal; it carries a trace id of its own.
pub fn refuse(core: &Arc<Core>, wrong: &Wrong, call: Option<&Call>) -> Response<Body> {
    let trace = trace(core);
    let mut response = json_response(core, wrong.status(), &wrong.body(&trace), call);
    if wrong.http == 401 {
        let text = format!(
            "OAuth \"Facebook Platform\" \"invalid_token\" \"{}\"",
            wrong.title.replace('"', "'")
        );
        put(response.headers_mut(), header::WWW_AUTHENTICATE.as_str(), &text);
    }
    response
}

fn json_response(
    core: &Arc<Core>,
    status: StatusCode,
    body: &Value,
    call: Option<&Call>,
) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    put(headers, "content-type", "application/json; charset=UTF-8");
    put(headers, "facebook-api-version", served(call.and_then(|c| c.version.as_deref())));
    put(headers, "x-fb-request-id", &trace(core));
    put(headers, "x-fb-trace-id", &trace(core));
    put(headers, "x-app-usage", r#"{"call_count":1,"total_time":1,"total_cputime":1}"#);
    response
}

/// The version that serves a call: an expired one is served by the oldest living.
fn served(asked: Option<&str>) -> &str {
    const LIVING: [&str; 6] = ["v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"];
    match asked {
        None => LIVING[5],
        Some(version) => LIVING.into_iter().find(|v| *v == version).unwrap_or(LIVING[0]),
    }
}

fn trace(core: &Arc<Core>) -> String {
    let seed = &mut core.world.lock().seed;
    format!("A{:016x}{:06x}", seed.next_u64(), seed.below(1 << 24))
}

fn put(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) =
        (header::HeaderName::try_from(name), HeaderValue::from_str(value))
    {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn expired_versions_are_served_by_the_oldest_living() {
        let table = [(None, "v26.0"), (Some("v24.0"), "v24.0"), (Some("v18.0"), "v21.0")];
        for (asked, want) in table {
            assert_eq!(super::served(asked), want);
        }
    }
}
