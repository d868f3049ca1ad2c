//! `GET /api/v1/templates/{name}`

use axum::Json;
use axum::extract::{Path, State};

use super::{Template, Which, problem};
use crate::api::input::Params;
use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

/// One template.
#[utoipa::path(
    get, path = "/api/v1/templates/{name}", tag = "templates",
    params(("name" = String, Path, description = "As the list shows it"), Which),
    responses(
        (status = 200, description = "As Meta has it", body = Template),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 404, description = "There is no such template", body = Problem),
        (status = 422, description = "Several are meant", body = Problem),
    )
)]
pub async fn template(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Path(name): Path<String>,
    Params(which): Params<Which>,
) -> Result<Json<Template>, Problem> {
    let row = app.templates.find(&session.tenant, &which.of(name)).await.map_err(problem)?;
    Ok(Json(row.into()))
}
