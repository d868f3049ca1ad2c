//! `DELETE /api/v1/templates/{name}`

use axum::extract::{Path, State};
use http::StatusCode;

use super::{Which, problem};
use crate::api::input::Params;
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

/// Delete one language of a template at Meta.
///
/// The name of an approved one cannot be used again for 30 days.
#[utoipa::path(
    delete, path = "/api/v1/templates/{name}", tag = "templates",
    params(("name" = String, Path, description = "As the list shows it"), Which),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 404, description = "There is no such template", body = Problem),
        (status = 422, description = "Several are meant, or Meta refuses", body = Problem),
        (status = 503, description = "Meta cannot be asked", body = Problem),
    )
)]
pub async fn delete_template(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Path(name): Path<String>,
    Params(which): Params<Which>,
) -> Result<StatusCode, Problem> {
    let by = session.key.to_string();
    app.templates.delete(&session.tenant, &which.of(name), &by).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
