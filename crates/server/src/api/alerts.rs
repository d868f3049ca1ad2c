//! `GET /api/v1/alerts`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::paging::Paged;
use crate::auth::ReadKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

/// Something that needs a person.
#[derive(Serialize, ToSchema)]
pub struct Alert {
    #[schema(example = "double_send")]
    kind: String,
    /// Id of what it is about.
    subject: String,
    text: String,
    /// RFC 3339, UTC.
    raised_at: String,
}

/// Alerts that are open.
#[utoipa::path(
    get, path = "/api/v1/alerts", tag = "lists",
    responses(
        (status = 200, description = "All of them", body = Paged<Alert>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn alerts(
    State(app): State<App>,
    ReadKey(session): ReadKey,
) -> Result<Json<Paged<Alert>>, Problem> {
    let open = app.store.alerts_open(&session.tenant).await?;
    let items = open.into_iter().map(|alert| Alert {
        kind: alert.kind,
        subject: alert.subject,
        text: alert.text,
        raised_at: clock::text(alert.raised_at),
    });
    Ok(Json(Paged { items: items.collect(), next: None }))
}
