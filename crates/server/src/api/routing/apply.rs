//! `POST /api/v1/routing`

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

/// Keep a routing as a new version and put it to use.
///
/// What the org does not have, or this version does not carry out, is refused here,
/// before it can make a record.
#[utoipa::path(
    post, path = "/api/v1/routing", tag = "routing", request_body = Wish,
    responses(
        (status = 201, description = "It is in use", body = InUse),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "The routing is broken: rule and cure", body = Problem),
        (status = 503, description = "The org cannot be asked", body = Problem),
    )
)]
pub async fn apply_routing(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<(StatusCode, Json<InUse>), Problem> {
    let text = take_file(&mut body)?;
    nothing_else(&body)?;
    let by = session.key.to_string();
    let version = app.routing.apply(&session.tenant, &text, &by).await.map_err(problem)?;
    Ok((StatusCode::CREATED, Json(InUse { version })))
}
