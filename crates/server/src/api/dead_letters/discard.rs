//! `POST /api/v1/dead-letters/{id}/discard`

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Decision;
use crate::api::ids;
use crate::api::input::{Object, nothing_else, take_text};
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(ToSchema)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Reason {
    /// Why; kept with the row.
    #[schema(max_length = 500, example = "a test of ours")]
    reason: String,
}

/// End one without doing anything about it; its row stays, with the reason.
#[utoipa::path(
    post, path = "/api/v1/dead-letters/{id}/discard", tag = "letters",
    params(("id" = String, Path, description = "As the list shows it")),
    request_body = Reason,
    responses(
        (status = 200, description = "Discarded, or settled already", body = Decision),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "No reason", body = Problem),
    )
)]
pub async fn discard_letter(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Path(id): Path<String>,
    Object(mut body): Object,
) -> Result<Json<Decision>, Problem> {
    let id = ids::letter("id", &id)?;
    let reason = reason(&mut body)?;
    nothing_else(&body)?;
    let outcome = super::letters(&app).discard(&super::asking(session), id, &reason).await?;
    Ok(Json(Decision::new(id, outcome)))
}

/// Required: nothing is given up without a word.
pub fn reason(body: &mut Map<String, Value>) -> Result<String, Problem> {
    let max = engine::outbound::REASON_MAX;
    take_text(body, "reason", max)?.ok_or_else(|| {
        let cure = format!("Say in 1 to {max} characters why; it is kept with the row.");
        Problem::field("reason", "It is missing.", cure)
    })
}
