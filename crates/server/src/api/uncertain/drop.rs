//! `POST /api/v1/uncertain-sends/{id}/drop`

use axum::Json;
use axum::extract::{Path, State};

use crate::api::dead_letters::Decision;
use crate::api::dead_letters::discard::{Reason, reason};
use crate::api::ids;
use crate::api::input::{Object, nothing_else};
use crate::api::send::one::caller;
use crate::auth::SendKey;
use crate::problem::Problem;
use crate::state::App;

/// Give it up: it ends as failed, with the reason. A status that comes later is
/// recorded all the same.
#[utoipa::path(
    post, path = "/api/v1/uncertain-sends/{id}/drop", tag = "letters",
    params(
        ("id" = String, Path, description = "`out_...`"),
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who decided; for the audit trail"),
    ),
    request_body = Reason,
    responses(
        (status = 200, description = "Given up, or settled already", body = Decision),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "No such send of this tenant", body = Problem),
        (status = 409, description = "A status may still settle it", body = Problem),
        (status = 422, description = "No reason", body = Problem),
    )
)]
pub async fn drop_send(
    State(app): State<App>,
    SendKey(session): SendKey,
    Path(id): Path<String>,
    Object(mut body): Object,
) -> Result<Json<Decision>, Problem> {
    let id = ids::outbox("id", &id)?;
    let reason = reason(&mut body)?;
    nothing_else(&body)?;
    let outcome = app.desk.drop_send(&caller(session), id, &reason).await?;
    Ok(Json(Decision::new(id, outcome)))
}
