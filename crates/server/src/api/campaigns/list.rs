//! `GET /api/v1/campaigns`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Shown;
use crate::api::ids;
use crate::api::input::Params;
use crate::api::paging::{self, Paged};
use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// The tenant's campaigns, newest first.
#[utoipa::path(
    get, path = "/api/v1/campaigns", tag = "campaigns", params(Page),
    responses(
        (status = 200, description = "A page", body = Paged<Shown>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 422, description = "A parameter cannot be accepted", body = Problem),
    )
)]
pub async fn campaigns(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(page): Params<Page>,
) -> Result<Json<Paged<Shown>>, Problem> {
    let limit = paging::limit(page.limit)?;
    let before = page.cursor.map(|cursor| ids::campaign("cursor", &cursor)).transpose()?;
    let rows = app.store.campaigns(&session.tenant, before, limit).await?;
    let full = rows.len() == limit as usize;
    let next = rows.last().filter(|_| full).map(|row| row.id.to_string());
    Ok(Json(Paged { items: rows.into_iter().map(Shown::from).collect(), next }))
}
