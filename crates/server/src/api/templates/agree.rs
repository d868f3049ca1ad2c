//! `POST /api/v1/templates/{name}/agree`

use axum::Json;
use axum::extract::{Path, State};

use super::{Template, Which, problem};
use crate::api::input::Params;
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

/// Agree to the category that Meta put a template into; then it is sent again.
#[utoipa::path(
    post, path = "/api/v1/templates/{name}/agree", tag = "templates",
    params(("name" = String, Path, description = "As the list shows it"), Which),
    responses(
        (status = 200, description = "It may be used", body = Template),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 404, description = "There is no such template", body = Problem),
        (status = 422, description = "Several are meant", body = Problem),
    )
)]
pub async fn agree_template(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Path(name): Path<String>,
    Params(which): Params<Which>,
) -> Result<Json<Template>, Problem> {
    let by = session.key.to_string();
    let row = app.templates.agree(&session.tenant, &which.of(name), &by).await;
    Ok(Json(row.map_err(problem)?.into()))
}
