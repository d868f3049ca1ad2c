//! Is the process alive, and should it be given work?

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::App;

#[derive(Serialize, ToSchema)]
pub struct Alive {
    #[schema(example = "alive")]
    status: &'static str,
    #[schema(example = "0.1.0")]
    version: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct Ready {
    ready: bool,
    /// Why it is not; empty when it is.
    reasons: Vec<String>,
    /// Age of the oldest webhook that was stored and not yet read.
    #[serde(skip_serializing_if = "Option::is_none")]
    backlog_age_ms: Option<i64>,
}

/// The process answers. Says nothing about the store or the remotes.
#[utoipa::path(
    get, path = "/healthz", tag = "operations", security(()),
    responses((status = 200, description = "The process answers", body = Alive))
)]
pub async fn healthz() -> Json<Alive> {
    Json(Alive { status: "alive", version: env!("CARGO_PKG_VERSION") })
}

/// Work may be sent here: the store answers and the backlog is young.
///
/// Neither Meta nor Salesforce is asked: when they are down, webhooks are
/// still to be taken.
#[utoipa::path(
    get, path = "/readyz", tag = "operations", security(()),
    responses(
        (status = 200, description = "Ready", body = Ready),
        (status = 503, description = "Not ready, with the reasons", body = Ready),
    )
)]
pub async fn readyz(State(app): State<App>) -> (StatusCode, Json<Ready>) {
    let mut reasons = Vec::new();
    let mut backlog_age_ms = None;
    if app.stopping.is_cancelled() {
        reasons.push("the process is stopping".to_owned());
    }
    match tokio::time::timeout(Duration::from_secs(2), app.store.depths(None)).await {
        Err(_) => reasons.push("the store did not answer within 2 s".to_owned()),
        Ok(Err(error)) => {
            tracing::error!(%error, "the store failed its check");
            reasons.push("the store does not answer".to_owned());
        }
        Ok(Ok(depths)) => {
            let now = app.ambient.now();
            let age = depths.journal_oldest.map_or(0, |at| now.since(at).max(0));
            backlog_age_ms = Some(age);
            let limit = app.options.backlog_age_ms_max;
            if age > limit {
                reasons.push(format!("the oldest unread webhook is {age} ms old, above {limit}"));
            }
        }
    }
    let ready = reasons.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready, reasons, backlog_age_ms }))
}
