//! A delivery: the whole body, its signature, one commit, 200.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use model::planted::{Planted, planted};

use super::app::{Named, find};
use super::body::Unread;
use crate::state::{App, Inner};

/// What became of a delivery: the label of its metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Stored,
    Unsigned,
    TooLarge,
    Broken,
    NoRoom,
    Refused,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Unsigned => "unsigned",
            Self::TooLarge => "too_large",
            Self::Broken => "broken",
            Self::NoRoom => "no_room",
            Self::Refused => "refused",
        }
    }
}

impl IntoResponse for Outcome {
    /// Constant bodies: a stranger learns nothing but yes or no.
    fn into_response(self) -> Response {
        let again = [(header::RETRY_AFTER, "5")];
        match self {
            Self::Stored => StatusCode::OK.into_response(),
            Self::Unsigned => (StatusCode::UNAUTHORIZED, "unauthorized").into_response(),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too large").into_response(),
            Self::Broken => (StatusCode::BAD_REQUEST, "incomplete").into_response(),
            Self::NoRoom | Self::Refused => {
                (StatusCode::SERVICE_UNAVAILABLE, again, "try again").into_response()
            }
        }
    }
}

async fn take(inner: &Inner, named: Named<'_>, headers: &HeaderMap, body: Body) -> Outcome {
    let began = inner.ambient.clock.mono();
    let app = find(inner, named);
    let (outcome, bytes) = store(inner, app, headers, body).await;
    let ms = inner.ambient.clock.mono() - began;
    inner.metrics.webhook(app.map(|a| &a.id), outcome.as_str(), bytes, ms);
    outcome
}

/// The outcome, and how many bytes are on disk now.
async fn store(
    inner: &Inner,
    app: Option<&super::WebhookApp>,
    headers: &HeaderMap,
    body: Body,
) -> (Outcome, usize) {
    let bytes = match inner.room.read(body, inner.options.webhook_bytes_max).await {
        Ok(bytes) => bytes,
        Err(Unread::TooLarge) => return (Outcome::TooLarge, 0),
        Err(Unread::NoRoom) => return (Outcome::NoRoom, 0),
        Err(Unread::Broken) => return (Outcome::Broken, 0),
    };
    let Some(app) = app else {
        return (Outcome::Unsigned, 0);
    };
    if let Err(why) = app.secrets.verify(headers, &bytes) {
        tracing::warn!(app = %app.id, %why, "a webhook was refused");
        return (Outcome::Unsigned, 0);
    }
    let length = bytes.len();
    if planted(Planted::AckBeforeCommit) {
        let (inbox, id) = (inner.inbox.clone(), app.id.clone());
        tokio::spawn(async move { inbox.append(&id, bytes).await });
        return (Outcome::Stored, length);
    }
    match inner.inbox.append(&app.id, bytes).await {
        Ok(_) => {
            inner.refusing.over();
            (Outcome::Stored, length)
        }
        Err(error) => {
            inner.refusing.one(&error);
            (Outcome::Refused, 0)
        }
    }
}

/// Delivery to the default app.
#[utoipa::path(
    post, path = "/messages", tag = "webhooks", security(()),
    request_body(content = Object, description = "As Meta sends it; at most 4 MB"),
    params(("X-Hub-Signature-256" = String, Header, description = "sha256=, HMAC of the raw body")),
    responses(
        (status = 200, description = "On disk"),
        (status = 401, description = "The signature is missing or wrong; nothing was stored"),
        (status = 413, description = "Larger than 4 MB; nothing was stored"),
        (status = 503, description = "Not stored; deliver it again"),
    )
)]
pub async fn receive(State(app): State<App>, headers: HeaderMap, body: Body) -> Response {
    take(&app, Named::Default, &headers, body).await.into_response()
}

/// Delivery to a tenant's own app.
#[utoipa::path(
    post, path = "/t/{tenant}/messages", tag = "webhooks", security(()),
    request_body(content = Object, description = "As Meta sends it; at most 4 MB"),
    params(
        ("tenant" = String, Path, description = "The tenant's name"),
        ("X-Hub-Signature-256" = String, Header, description = "sha256=, HMAC of the raw body"),
    ),
    responses(
        (status = 200, description = "On disk"),
        (status = 401, description = "The signature is missing or wrong; nothing was stored"),
        (status = 413, description = "Larger than 4 MB; nothing was stored"),
        (status = 503, description = "Not stored; deliver it again"),
    )
)]
pub async fn receive_of_tenant(
    State(app): State<App>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    take(&app, Named::Tenant(&tenant), &headers, body).await.into_response()
}

/// Delivery to one app of several.
#[utoipa::path(
    post, path = "/a/{app}/messages", tag = "webhooks", security(()),
    request_body(content = Object, description = "As Meta sends it; at most 4 MB"),
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("X-Hub-Signature-256" = String, Header, description = "sha256=, HMAC of the raw body"),
    ),
    responses(
        (status = 200, description = "On disk"),
        (status = 401, description = "The signature is missing or wrong; nothing was stored"),
        (status = 413, description = "Larger than 4 MB; nothing was stored"),
        (status = 503, description = "Not stored; deliver it again"),
    )
)]
pub async fn receive_of_app(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    take(&app, Named::App(&name), &headers, body).await.into_response()
}
