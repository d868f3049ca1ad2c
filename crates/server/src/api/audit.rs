//! `GET /api/v1/audit`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::Params;
use super::paging::{self, Paged};
use crate::auth::ManageKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// One line of the trail, chained to the one before it.
#[derive(Serialize, ToSchema)]
pub struct Line {
    seq: i64,
    /// RFC 3339, UTC.
    at: String,
    /// API key, person or part of the program.
    actor: String,
    #[schema(example = "send.accepted")]
    action: String,
    /// Id of what it was done to.
    subject: String,
    detail: String,
    /// SHA-256 over this line and the hash of the line before it.
    hash: String,
}

/// The audit trail, oldest first.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "lists", params(Query),
    responses(
        (status = 200, description = "A page", body = Paged<Line>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "Not a cursor of this list", body = Problem),
    )
)]
pub async fn audit(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Params(query): Params<Query>,
) -> Result<Json<Paged<Line>>, Problem> {
    let max = paging::limit(query.limit)?;
    let after = paging::sequence(query.cursor.as_deref())?;
    let lines = app.store.audit_after(&session.tenant, after, max).await?;
    let full = lines.len() == max as usize;
    let next = lines.last().filter(|_| full).map(|line| line.seq.to_string());
    let items = lines.into_iter().map(|line| Line {
        seq: line.seq,
        at: clock::text(line.at),
        actor: line.actor,
        action: line.action,
        subject: line.subject,
        detail: line.detail,
        hash: line.hash.iter().map(|b| format!("{b:02x}")).collect(),
    });
    Ok(Json(Paged { items: items.collect(), next }))
}
