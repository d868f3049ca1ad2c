//! `POST /api/v1/metrics/recompute`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::days;
use crate::api::input::{Object, nothing_else, take_text};
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(ToSchema)]
#[schema(as = RecomputeMetrics)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// First day, `2026-11-01`; thirty days when left out.
    from: Option<String>,
    /// Last day; the present one when left out.
    to: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AskedMetrics)]
pub struct Asked {
    from: String,
    to: String,
    days: i32,
}

/// Count days anew, and take what is found. `GET /api/v1/metrics` names the days
/// that are not counted yet.
#[utoipa::path(
    post, path = "/api/v1/metrics/recompute", tag = "metrics", request_body = Wish,
    responses(
        (status = 202, description = "They are counted one after another", body = Asked),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "No day, or too many", body = Problem),
    )
)]
pub async fn recompute_metrics(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<(StatusCode, Json<Asked>), Problem> {
    let (from, to) = (take_text(&mut body, "from", 10)?, take_text(&mut body, "to", 10)?);
    nothing_else(&body)?;
    let tenant = &session.tenant;
    let today = app.figures.today(tenant);
    let (from, to) = days(from.as_deref(), to.as_deref(), today)?;
    if to > today {
        let cure = "End with the present day or an earlier one.";
        return Err(Problem::field("to", format!("{to} has not come yet."), cure));
    }
    app.figures.ask(tenant, from, to).await?;
    let asked = Asked { from: from.to_string(), to: to.to_string(), days: to.0 - from.0 + 1 };
    Ok((StatusCode::ACCEPTED, Json(asked)))
}
