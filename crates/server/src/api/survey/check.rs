//! `POST /api/v1/survey/check`

use axum::Json;
use axum::extract::State;

use super::problem;
use crate::api::checked::{Checked, Wish, take_file};
use crate::api::input::{Object, nothing_else};
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

/// Read a survey, hold it against the org and the templates, and compare it with the one in use.
/// Changes nothing.
#[utoipa::path(
    post, path = "/api/v1/survey/check", tag = "survey", request_body = Wish,
    responses(
        (status = 200, description = "What was found", body = Checked),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "A field cannot be accepted", body = Problem),
    )
)]
pub async fn check_survey(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<Json<Checked>, Problem> {
    let text = take_file(&mut body)?;
    nothing_else(&body)?;
    let found = app.surveys.check(&session.tenant, &text).await;
    Ok(Json(found.map_err(problem)?.into()))
}
