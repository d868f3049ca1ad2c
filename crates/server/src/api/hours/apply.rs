//! `POST /api/v1/hours`

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

/// Keep business hours as a new version and put them to use.
#[utoipa::path(
    post, path = "/api/v1/hours", tag = "hours", request_body = Wish,
    responses(
        (status = 201, description = "It is in use", body = InUse),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "The file is broken: field and cure", body = Problem),
    )
)]
pub async fn apply_hours(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<(StatusCode, Json<InUse>), Problem> {
    let text = take_file(&mut body)?;
    nothing_else(&body)?;
    let by = session.key.to_string();
    let version = app.hours.apply(&session.tenant, &text, &by).await.map_err(problem)?;
    Ok((StatusCode::CREATED, Json(InUse { version })))
}
