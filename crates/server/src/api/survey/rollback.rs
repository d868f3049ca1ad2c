//! `POST /api/v1/survey/rollback`

use axum::Json;
use axum::extract::State;

use super::problem;
use crate::api::input::{Object, nothing_else};
use crate::api::versions::{InUse, Wish, take_version};
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

/// Put an earlier version to use.
#[utoipa::path(
    post, path = "/api/v1/survey/rollback", tag = "survey", request_body = Wish,
    responses(
        (status = 200, description = "It is in use", body = InUse),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 404, description = "There is no such version", body = Problem),
        (status = 422, description = "This program cannot read it", body = Problem),
    )
)]
pub async fn roll_back_survey(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<Json<InUse>, Problem> {
    let to = take_version(&mut body)?;
    nothing_else(&body)?;
    let by = session.key.to_string();
    let version = app.surveys.roll_back(&session.tenant, to, &by).await.map_err(problem)?;
    Ok(Json(InUse { version }))
}
