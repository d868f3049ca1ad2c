//! `POST /api/v1/mapping/check`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Complaint, problem, take_file};
use crate::api::input::{Object, nothing_else};
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(ToSchema)]
#[schema(as = MappingText)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// The whole file, TOML.
    text: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CheckedMapping)]
pub struct Checked {
    /// It can be applied.
    good: bool,
    complaints: Vec<Complaint>,
    /// What it does otherwise than the version in use.
    changes: Vec<Change>,
    /// The version in use.
    active: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MappingChange)]
pub struct Change {
    #[schema(example = "Lead.Phone")]
    field: String,
    /// The field's entries, each in one line.
    before: Vec<String>,
    after: Vec<String>,
}

/// Hold a mapping against the org, and against the one in use. Changes nothing.
#[utoipa::path(
    post, path = "/api/v1/mapping/check", tag = "mapping", request_body = Wish,
    responses(
        (status = 200, description = "What was found", body = Checked),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "A field cannot be accepted", body = Problem),
        (status = 503, description = "The org cannot be asked", body = Problem),
    )
)]
pub async fn check_mapping(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<Json<Checked>, Problem> {
    let text = take_file(&mut body)?;
    nothing_else(&body)?;
    let found = app.mapping.check(&session.tenant, &text).await.map_err(problem)?;
    let changes = found.changes.into_iter().map(|change| Change {
        field: change.field,
        before: change.before,
        after: change.after,
    });
    Ok(Json(Checked {
        good: found.complaints.is_empty(),
        complaints: found.complaints.into_iter().map(Complaint::from).collect(),
        changes: changes.collect(),
        active: found.active,
    }))
}
