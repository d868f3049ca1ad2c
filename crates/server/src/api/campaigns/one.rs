//! `GET /api/v1/campaigns/{id}`

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::Shown;
use crate::api::ids;
use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(Serialize, ToSchema)]
#[schema(as = CampaignStanding)]
pub struct Standing {
    campaign: Shown,
    /// How many members stand where, counted now.
    members: Vec<Count>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CampaignCount)]
pub struct Count {
    /// `waiting`, `queued`, `sent`, `held_back`, `uncertain`, `failed`, `left_out`.
    state: &'static str,
    /// Why they failed, are held back or left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    people: u64,
    /// Those of them who wrote within seven days of the message, other than to
    /// leave.
    #[serde(skip_serializing_if = "is_nobody")]
    answered: u64,
}

fn is_nobody(people: &u64) -> bool {
    *people == 0
}

/// One campaign, and how its members stand.
#[utoipa::path(
    get, path = "/api/v1/campaigns/{id}", tag = "campaigns",
    params(("id" = String, Path, description = "As the list shows it")),
    responses(
        (status = 200, description = "The campaign", body = Standing),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 404, description = "There is no such campaign", body = Problem),
        (status = 422, description = "It is no id", body = Problem),
    )
)]
pub async fn campaign(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Path(id): Path<String>,
) -> Result<Json<Standing>, Problem> {
    let id = ids::campaign("id", &id)?;
    let row = app.campaigns.campaign(&session.tenant, id).await?;
    let counts = app.store.member_counts(&session.tenant, id).await?;
    let members = counts.into_iter().map(|count| Count {
        state: count.state.as_str(),
        code: count.code,
        people: count.members,
        answered: count.replied,
    });
    Ok(Json(Standing { campaign: row.into(), members: members.collect() }))
}
