//! `POST /api/v1/consent`

use axum::Json;
use axum::extract::State;
use engine::consent::Said;
use model::ConsentKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{take_purpose, take_word};
use crate::api::input::{Object, nothing_else, take_text};
use crate::api::send::one::caller;
use crate::auth::SendKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

/// What a person said, and how it can be proved.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewConsent)]
#[allow(dead_code, reason = "the shape for the document; a body is read field by field")]
pub struct Wish {
    /// A phone number, a business-scoped user id, a Contact or Lead, a person.
    #[schema(example = "+525512345678")]
    to: String,
    /// `marketing`, `utility` or `service`.
    #[schema(example = "marketing")]
    purpose: String,
    /// `opt_in` or `opt_out`.
    #[schema(example = "opt_in")]
    kind: String,
    /// When they said it, RFC 3339; now when left out. With it, the same call
    /// again records nothing.
    happened_at: Option<String>,
    /// Where: `web`, `paper`, `phone`, ...; `api` when left out.
    channel: Option<String>,
    /// What told you: a form, a campaign; `api` when left out.
    source: Option<String>,
    /// The words they agreed to.
    wording: Option<String>,
    /// What proves it: an address, the id of a form, a file's name.
    evidence: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConsentRecorded)]
pub struct Recorded {
    #[schema(example = "per_0190b5d8c0f57a3f9a0b4f6c2d1e8a77")]
    person_id: String,
    /// false: it was recorded before.
    new: bool,
}

/// Record an opt-in or an opt-out.
///
/// What happened last holds, whatever is recorded last; of two at the same time
/// the opt-out does. Sends that begin after it are held against it.
#[utoipa::path(
    post, path = "/api/v1/consent", tag = "consent", request_body = Wish,
    params(
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who recorded it; for the audit trail"),
    ),
    responses(
        (status = 200, description = "It is in the ledger", body = Recorded),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "No such person or record", body = Problem),
        (status = 422, description = "A field cannot be accepted", body = Problem),
    )
)]
pub async fn record_consent(
    State(app): State<App>,
    SendKey(session): SendKey,
    Object(mut body): Object,
) -> Result<Json<Recorded>, Problem> {
    let whom = take_text(&mut body, "to", 200)?.ok_or_else(|| {
        let cure = "Send a phone number with country code, a user id, a record id or a person id.";
        Problem::field("to", "It is missing.", cure)
    })?;
    let purpose = take_purpose(&mut body)?;
    let kind = take_word(&mut body, "kind", ConsentKind::ALL, |kind| kind.as_str())?;
    let happened_at = match take_text(&mut body, "happened_at", 40)? {
        None => None,
        Some(text) => Some(clock::parse(&text).ok_or_else(|| {
            let cure = "Send RFC 3339 with its offset, such as 2026-11-22T10:06:40-03:00.";
            Problem::field("happened_at", "It is no time.", cure)
        })?),
    };
    let channel = take_text(&mut body, "channel", 40)?.unwrap_or_else(|| "api".into());
    let source = take_text(&mut body, "source", 80)?.unwrap_or_else(|| "api".into());
    let wording = take_text(&mut body, "wording", 2_000)?;
    let evidence = take_text(&mut body, "evidence", 2_000)?;
    nothing_else(&body)?;
    let said = Said { whom, purpose, kind, channel, source, happened_at, wording, evidence };
    let (person, new) = app.desk.record_consent(&caller(session), &said).await?;
    Ok(Json(Recorded { person_id: person.to_string(), new }))
}
