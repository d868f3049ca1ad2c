//! `GET /api/v1/reports/reconcile/{id}`

use axum::Json;
use axum::extract::{Path, State};

use super::Report;
use crate::api::ids;
use crate::auth::ReadKey;
use crate::problem::{self, Problem};
use crate::state::App;

/// One report, with its signed document once it is made.
#[utoipa::path(
    get, path = "/api/v1/reports/reconcile/{id}", tag = "reports",
    params(("id" = String, Path, description = "`rep_...`")),
    responses(
        (status = 200, description = "The report", body = Report),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 404, description = "No such report of this tenant", body = Problem),
        (status = 422, description = "Not the id of a report", body = Problem),
    )
)]
pub async fn report(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Path(id): Path<String>,
) -> Result<Json<Report>, Problem> {
    let id = ids::report("id", &id)?;
    let Some((asked, body)) = app.store.report(&session.tenant, id).await? else {
        return Err(Problem::new(&problem::NOT_FOUND, "No report of yours has this id.").at("id"));
    };
    let signed = body.and_then(|body| serde_json::from_slice(&body).ok());
    Ok(Json(Report::new(asked, signed)))
}
