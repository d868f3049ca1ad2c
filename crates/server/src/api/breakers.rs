//! `GET /api/v1/breakers`: what is left alone now.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::ReadKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

/// A part of a remote that refuses, and is left alone for a while.
#[derive(Serialize, ToSchema)]
pub struct OpenBreaker {
    /// `whatsapp` or `salesforce`.
    remote: &'static str,
    /// `lane`, `number`, `account` or `org`.
    #[schema(example = "number")]
    scope: &'static str,
    /// Of the lane, number, account or org.
    name: String,
    /// `open`: nothing is sent through it. `half_open`: one call is under way to see.
    state: &'static str,
    /// Failures in a row.
    failures: u32,
    /// When the next call goes: RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    code: String,
    cause: String,
    cure: String,
}

#[derive(Serialize, ToSchema)]
pub struct OpenBreakers {
    items: Vec<OpenBreaker>,
}

/// Parts of WhatsApp and Salesforce that this process leaves alone now.
///
/// Nothing is dropped meanwhile: what is accepted waits. Closed ones are not
/// listed.
#[utoipa::path(
    get, path = "/api/v1/breakers", tag = "operations",
    responses(
        (status = 200, description = "Those that are not closed", body = OpenBreakers),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn breakers(State(app): State<App>, ReadKey(session): ReadKey) -> Json<OpenBreakers> {
    let standing = app.breakers.standing(Some(&session.tenant));
    let items = standing.into_iter().map(|one| OpenBreaker {
        remote: one.key.remote.as_str(),
        scope: one.key.scope_word(),
        state: one.state.as_str(),
        failures: one.failures,
        until: one.until.map(clock::text),
        code: one.code,
        cause: one.cause,
        cure: one.cure,
        name: one.key.name,
    });
    Json(OpenBreakers { items: items.collect() })
}
