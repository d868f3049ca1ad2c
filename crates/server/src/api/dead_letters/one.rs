//! `GET /api/v1/dead-letters/{id}`

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::DeadLetter;
use crate::api::ids;
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

/// A letter with its content.
#[derive(Serialize, ToSchema)]
pub struct OpenLetter {
    #[serde(flatten)]
    letter: DeadLetter,
    /// Of a send: Meta's message object.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    message: Option<Value>,
    /// Of a webhook or an item: the webhook body; a text where it is no JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    body: Option<Value>,
}

/// One letter with what is in it: messages and names, so it needs `admin`.
#[utoipa::path(
    get, path = "/api/v1/dead-letters/{id}", tag = "letters",
    params(("id" = String, Path, description = "As the list shows it")),
    responses(
        (status = 200, description = "The letter", body = OpenLetter),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 404, description = "No such letter of this tenant", body = Problem),
        (status = 422, description = "Not the id of a letter", body = Problem),
    )
)]
pub async fn dead_letter(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Path(id): Path<String>,
) -> Result<Json<OpenLetter>, Problem> {
    let id = ids::letter("id", &id)?;
    let open = super::letters(&app).show(&session.tenant, id).await?;
    let of_send = matches!(id, store::LetterId::Send(_));
    let (message, body) = if of_send { (open.content, None) } else { (None, open.content) };
    Ok(Json(OpenLetter { letter: DeadLetter::from(open.shown), message, body }))
}
