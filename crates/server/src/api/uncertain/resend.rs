//! `POST /api/v1/uncertain-sends/{id}/resend`

use axum::Json;
use axum::extract::{Path, State};

use crate::api::dead_letters::Decision;
use crate::api::ids;
use crate::api::send::one::caller;
use crate::auth::SendKey;
use crate::problem::Problem;
use crate::state::App;

/// Send it once more, at the end of its lane. The customer may get it twice.
///
/// Only when it is `asked`. Asked again, it changes nothing; a status that came
/// meanwhile has settled it.
#[utoipa::path(
    post, path = "/api/v1/uncertain-sends/{id}/resend", tag = "letters",
    params(
        ("id" = String, Path, description = "`out_...`"),
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who decided; for the audit trail"),
    ),
    responses(
        (status = 200, description = "Queued, or settled already", body = Decision),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "No such send of this tenant", body = Problem),
        (status = 409, description = "A status may still settle it", body = Problem),
        (status = 422, description = "The service window has closed", body = Problem),
    )
)]
pub async fn resend(
    State(app): State<App>,
    SendKey(session): SendKey,
    Path(id): Path<String>,
) -> Result<Json<Decision>, Problem> {
    let id = ids::outbox("id", &id)?;
    let outcome = app.desk.resend(&caller(session), id).await?;
    Ok(Json(Decision::new(id, outcome)))
}
