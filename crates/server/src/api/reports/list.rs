//! `GET /api/v1/reports/reconcile`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Report;
use crate::api::input::Params;
use crate::api::paging::{self, Paged};
use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// At most this many: 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// Reports that were asked for, newest first, without their documents.
#[utoipa::path(
    get, path = "/api/v1/reports/reconcile", tag = "reports", params(Query),
    responses(
        (status = 200, description = "The newest of them", body = Paged<Report>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn reports(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(query): Params<Query>,
) -> Result<Json<Paged<Report>>, Problem> {
    let rows = app.store.reports(&session.tenant, paging::limit(query.limit)?).await?;
    let items = rows.into_iter().map(|asked| Report::new(asked, None));
    Ok(Json(Paged { items: items.collect(), next: None }))
}
