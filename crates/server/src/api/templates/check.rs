//! `POST /api/v1/templates/check`

use axum::Json;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Complaint, take_definition};
use crate::api::input::{Object, nothing_else};
use crate::auth::ReadKey;
use crate::problem::Problem;

#[derive(ToSchema)]
#[schema(as = CheckTemplate)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// As Meta's API takes it: name, language, category, components.
    #[schema(value_type = Object)]
    definition: Value,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CheckedTemplate)]
pub struct Checked {
    /// Nothing speaks against submitting it.
    good: bool,
    complaints: Vec<Complaint>,
}

/// Hold a definition against Meta's rules. Asks nobody and changes nothing.
#[utoipa::path(
    post, path = "/api/v1/templates/check", tag = "templates", request_body = Wish,
    responses(
        (status = 200, description = "What was found", body = Checked),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 422, description = "A field cannot be accepted", body = Problem),
    )
)]
pub async fn check_template(
    ReadKey(_session): ReadKey,
    Object(mut body): Object,
) -> Result<Json<Checked>, Problem> {
    let definition = take_definition(&mut body)?;
    nothing_else(&body)?;
    let found = rules::template::check(&definition);
    let complaints: Vec<_> = found.into_iter().map(Complaint::from).collect();
    Ok(Json(Checked { good: complaints.is_empty(), complaints }))
}
