//! `POST /send`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::envelope::{self, Envelope, Receipt};
use crate::api::input::{Object, idempotency_key};
use crate::auth::{SendKey, Session};
use crate::problem::Problem;
use crate::state::App;

pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

pub fn caller(session: Session) -> engine::Caller {
    engine::Caller { tenant: session.tenant, key: session.key, acting_user: session.acting_user }
}

/// Accept one message to be sent.
///
/// 202 means that it is on disk and is sent once. The same Idempotency-Key
/// with the same body gives the first answer again, at any time.
#[utoipa::path(
    post, path = "/send", tag = "send",
    params(
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible characters"),
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user on whose behalf it is sent; for the audit trail"),
    ),
    request_body = Envelope,
    responses(
        (status = 202, description = "On disk", body = Receipt,
            headers(("Idempotent-Replayed" = String, description = "true when this is the first answer again"))),
        (status = 400, description = "Not JSON, or no Idempotency-Key", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "No such person, record or number", body = Problem),
        (status = 422, description = "It cannot be sent as it is", body = Problem),
        (status = 503, description = "No room to store it; nothing was accepted", body = Problem),
    )
)]
pub async fn send(
    State(app): State<App>,
    SendKey(session): SendKey,
    headers: HeaderMap,
    Object(body): Object,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    let request = envelope::read(body)?;
    let accepted = app.desk.accept(&caller(session), &key, request).await?;
    let receipt = Json(Receipt::from(&accepted));
    let mut response = (StatusCode::ACCEPTED, receipt).into_response();
    if accepted.repeated {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}
