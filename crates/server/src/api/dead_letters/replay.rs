//! `POST /api/v1/dead-letters/{id}/replay`

use axum::Json;
use axum::extract::{Path, State};

use super::Decision;
use crate::api::ids;
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

/// Bring one back. Asked again, it changes nothing.
///
/// A send joins the end of its lane, and its file is had first; a row or record
/// is written anew; a file is fetched anew; a body or an item is taken in once
/// more.
#[utoipa::path(
    post, path = "/api/v1/dead-letters/{id}/replay", tag = "letters",
    params(("id" = String, Path, description = "As the list shows it")),
    responses(
        (status = 200, description = "Brought back, or settled already", body = Decision),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "It cannot be replayed as it is", body = Problem),
    )
)]
pub async fn replay_letter(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Path(id): Path<String>,
) -> Result<Json<Decision>, Problem> {
    let id = ids::letter("id", &id)?;
    let outcome = super::letters(&app).replay(&super::asking(session), id).await?;
    Ok(Json(Decision::new(id, outcome)))
}
