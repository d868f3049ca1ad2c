//! `POST /api/v1/routing/check`

use axum::Json;
use axum::extract::State;

use super::problem;
use crate::api::checked::{Checked, Wish, take_file};
use crate::api::input::{Object, nothing_else};
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

/// Hold a routing file against the org. Changes nothing.
///
/// Users, queues, record types, assignment rules, Accounts, statuses and stages
/// that it names must be there and fit.
#[utoipa::path(
    post, path = "/api/v1/routing/check", tag = "routing", request_body = Wish,
    responses(
        (status = 200, description = "What was found", body = Checked),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 404, description = "The tenant has no org", body = Problem),
        (status = 422, description = "A field cannot be accepted", body = Problem),
        (status = 503, description = "The org cannot be asked", body = Problem),
    )
)]
pub async fn check_routing(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<Json<Checked>, Problem> {
    let text = take_file(&mut body)?;
    nothing_else(&body)?;
    let found = app.routing.check(&session.tenant, &text).await;
    Ok(Json(found.map_err(problem)?.into()))
}
