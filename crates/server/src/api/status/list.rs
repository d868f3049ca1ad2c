//! `GET /status`

use axum::Json;
use axum::extract::State;

use super::query::Query;
use super::standing::Standing;
use crate::api::input::Params;
use crate::api::paging::{self, Paged};
use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

/// Messages of a conversation, person, record or reference, or one by its id.
///
/// Newest first. An empty list says that nothing of that name is known.
#[utoipa::path(
    get, path = "/status", tag = "status", params(Query),
    responses(
        (status = 200, description = "A page", body = Paged<Standing>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 422, description = "Not exactly one way to find it", body = Problem),
    )
)]
pub async fn statuses(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(query): Params<Query>,
) -> Result<Json<Paged<Standing>>, Problem> {
    let (find, max) = (query.find()?, paging::limit(query.limit)?);
    let page = app.board.find(&session.tenant, find, query.cursor.as_deref(), max).await?;
    let items = page.items.into_iter().map(Standing::from).collect();
    Ok(Json(Paged { items, next: page.next }))
}
