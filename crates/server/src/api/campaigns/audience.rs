//! `POST /api/v1/campaigns/{id}/audience`

use axum::Json;
use axum::extract::{Path, State};
use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::ids;
use crate::api::send::one::caller;
use crate::auth::SendKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(Serialize, ToSchema)]
#[schema(as = AudienceAdded)]
pub struct Added {
    /// People who were not in the campaign before.
    new: u64,
    /// Lines of people who were: they stay as they are.
    known: u64,
    /// Lines that cannot be used.
    refused: u64,
    /// The first hundred of them.
    complaints: Vec<Complaint>,
    /// Columns that nothing is taken from.
    unused_columns: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AudienceComplaint)]
pub struct Complaint {
    /// Of the file, from 1.
    line: Option<usize>,
    field: String,
    why: String,
    cure: String,
}

/// Add people to a draft, by a CSV file.
///
/// Its first line names the columns: `phone`, `wa_id` or `user_id`, and those
/// that the template takes values from. Lines with a mistake are named and the
/// others taken; the same file again adds nobody. A file that is larger than a
/// request may be comes in parts, each with the first line.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/audience", tag = "campaigns",
    params(
        ("id" = String, Path, description = "As the list shows it"),
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who adds them; for the audit trail"),
    ),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, description = "What became of the lines", body = Added),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "There is no such campaign", body = Problem),
        (status = 409, description = "It is no draft", body = Problem),
        (status = 413, description = "Larger than a request may be", body = Problem),
        (status = 422, description = "It is no id", body = Problem),
    )
)]
pub async fn add_audience(
    State(app): State<App>,
    SendKey(session): SendKey,
    Path(id): Path<String>,
    file: Bytes,
) -> Result<Json<Added>, Problem> {
    let id = ids::campaign("id", &id)?;
    let taken = app.campaigns.add(&caller(session), id, &file).await?;
    let complaints = taken.complaints.into_iter().map(|one| Complaint {
        line: one.line,
        field: one.field,
        why: one.why,
        cure: one.cure,
    });
    Ok(Json(Added {
        new: taken.new,
        known: taken.known,
        refused: taken.refused,
        complaints: complaints.collect(),
        unused_columns: taken.unused,
    }))
}
