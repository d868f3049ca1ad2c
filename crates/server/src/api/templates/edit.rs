//! `PUT /api/v1/templates/{name}`

use axum::Json;
use axum::extract::{Path, State};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Template, Which, problem, take_components};
use crate::api::input::{Object, Params, nothing_else};
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(ToSchema)]
#[schema(as = EditTemplate)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// All of them: they replace those that are there.
    #[schema(value_type = Vec<Object>)]
    components: Vec<Value>,
}

/// Replace a template's components; it goes back into review.
#[utoipa::path(
    put, path = "/api/v1/templates/{name}", tag = "templates", request_body = Wish,
    params(("name" = String, Path, description = "As the list shows it"), Which),
    responses(
        (status = 200, description = "It was submitted", body = Template),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 404, description = "There is no such template", body = Problem),
        (status = 422, description = "It breaks a rule: field and cure", body = Problem),
        (status = 503, description = "Meta cannot be asked", body = Problem),
    )
)]
pub async fn edit_template(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Path(name): Path<String>,
    Params(which): Params<Which>,
    Object(mut body): Object,
) -> Result<Json<Template>, Problem> {
    let components = take_components(&mut body)?;
    nothing_else(&body)?;
    let by = session.key.to_string();
    let edited = app.templates.edit(&session.tenant, &which.of(name), &components, &by).await;
    Ok(Json(edited.map_err(problem)?.into()))
}
