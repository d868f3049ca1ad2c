//! `GET /status/{id}`

use axum::Json;
use axum::extract::{Path, State};

use super::query::by_id;
use super::standing::Standing;
use crate::auth::ReadKey;
use crate::problem::{self, Problem};
use crate::state::App;

/// Where one message or send stands.
#[utoipa::path(
    get, path = "/status/{id}", tag = "status",
    params(("id" = String, Path, description = "`out_...` of a send or `msg_...` of a message")),
    responses(
        (status = 200, description = "Where it stands", body = Standing),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 404, description = "No such message of this tenant", body = Problem),
        (status = 422, description = "Not an id", body = Problem),
    )
)]
pub async fn status(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Path(id): Path<String>,
) -> Result<Json<Standing>, Problem> {
    let page = app.board.find(&session.tenant, by_id(&id)?, None, 1).await?;
    let found = page.items.into_iter().next();
    let missing = || Problem::new(&problem::NOT_FOUND, "No message of yours has this id.");
    found.map(|standing| Json(standing.into())).ok_or_else(|| missing().at("id"))
}
