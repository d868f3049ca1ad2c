//! `POST /api/v1/survey`

use axum::Json;
use axum::extract::State;
use http::StatusCode;

use super::problem;
use crate::api::checked::{Wish, take_file};
use crate::api::input::{Object, nothing_else};
use crate::api::versions::InUse;
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

/// Keep a survey as a new version and put it to use.
#[utoipa::path(
    post, path = "/api/v1/survey", tag = "survey", request_body = Wish,
    responses(
        (status = 201, description = "It is in use", body = InUse),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "The file is broken, or the org or Meta could not take it: field and cure", body = Problem),
    )
)]
pub async fn apply_survey(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<(StatusCode, Json<InUse>), Problem> {
    let text = take_file(&mut body)?;
    nothing_else(&body)?;
    let by = session.key.to_string();
    let version = app.surveys.apply(&session.tenant, &text, &by).await.map_err(problem)?;
    Ok((StatusCode::CREATED, Json(InUse { version })))
}
