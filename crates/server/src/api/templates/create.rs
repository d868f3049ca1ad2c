//! `POST /api/v1/templates`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use model::ids::WabaId;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Template, problem, take_definition};
use crate::api::input::{Object, nothing_else, take_text};
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(ToSchema)]
#[schema(as = NewTemplate)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// As Meta's API takes it: name, language, category, components.
    #[schema(value_type = Object)]
    definition: Value,
    /// The account; the first one of the tenant when left out.
    waba_id: Option<String>,
}

/// Submit a template for Meta's review.
///
/// What breaks Meta's rules is refused here. When Meta's answer is lost it is
/// looked up, and nothing is submitted twice.
#[utoipa::path(
    post, path = "/api/v1/templates", tag = "templates", request_body = Wish,
    responses(
        (status = 201, description = "It was submitted", body = Template),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "It breaks a rule, or the tenant has no such account: field and cure", body = Problem),
        (status = 503, description = "Meta cannot be asked", body = Problem),
    )
)]
pub async fn create_template(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<(StatusCode, Json<Template>), Problem> {
    let definition = take_definition(&mut body)?;
    let waba = take_text(&mut body, "waba_id", 64)?.map(WabaId::new);
    nothing_else(&body)?;
    let by = session.key.to_string();
    let made = app.templates.create(&session.tenant, waba.as_ref(), &definition, &by).await;
    Ok((StatusCode::CREATED, Json(made.map_err(problem)?.into())))
}
