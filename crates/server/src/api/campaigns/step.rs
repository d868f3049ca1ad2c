//! What people do about a campaign: check, start, pause, resume, stop.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Shown;
use crate::api::ids;
use crate::api::input::{Object, nothing_else, take_text};
use crate::api::send::one::caller;
use crate::auth::SendKey;
use crate::problem::Problem;
use crate::state::App;

/// When it begins.
#[derive(Deserialize, ToSchema)]
#[schema(as = CampaignStart)]
#[allow(dead_code, reason = "the shape for the document; a body is read field by field")]
pub struct When {
    /// A time on the wall of the plan's zone; now when left out.
    #[schema(example = "2026-12-01T09:00")]
    starts_at: Option<String>,
}

/// Hold every member against the rules as they are now. Nothing is sent.
///
/// A template that cannot be sent, or that the values do not fit, is refused.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/check", tag = "campaigns",
    params(
        ("id" = String, Path, description = "As the list shows it"),
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who does it; for the audit trail"),
    ),
    responses(
        (status = 200, description = "Who would get it, who not and why, and when it would end", body = Shown),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "There is no such campaign", body = Problem),
        (status = 409, description = "Its state has no such step", body = Problem),
        (status = 422, description = "The template, the audience or the id cannot be accepted", body = Problem),
    )
)]
pub async fn check_campaign(
    State(app): State<App>,
    SendKey(session): SendKey,
    Path(id): Path<String>,
) -> Result<Json<Shown>, Problem> {
    let id = ids::campaign("id", &id)?;
    let row = app.campaigns.check(&caller(session), id).await?;
    Ok(Json(row.into()))
}

/// Begin now or at a time: it must have been checked.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/start", tag = "campaigns", request_body = When,
    params(
        ("id" = String, Path, description = "As the list shows it"),
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who does it; for the audit trail"),
    ),
    responses(
        (status = 200, description = "It runs, or is scheduled", body = Shown),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "There is no such campaign", body = Problem),
        (status = 409, description = "Its state has no such step", body = Problem),
        (status = 422, description = "A field cannot be accepted", body = Problem),
    )
)]
pub async fn start_campaign(
    State(app): State<App>,
    SendKey(session): SendKey,
    Path(id): Path<String>,
    Object(mut body): Object,
) -> Result<Json<Shown>, Problem> {
    let id = ids::campaign("id", &id)?;
    let starts_at = take_text(&mut body, "starts_at", 40)?;
    nothing_else(&body)?;
    let row = app.campaigns.start(&caller(session), id, starts_at.as_deref()).await?;
    Ok(Json(row.into()))
}

/// Hold what was not called yet, until it is resumed.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/pause", tag = "campaigns",
    params(
        ("id" = String, Path, description = "As the list shows it"),
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who does it; for the audit trail"),
    ),
    responses(
        (status = 200, description = "It is paused", body = Shown),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "There is no such campaign", body = Problem),
        (status = 409, description = "Its state has no such step", body = Problem),
        (status = 422, description = "It is no id", body = Problem),
    )
)]
pub async fn pause_campaign(
    State(app): State<App>,
    SendKey(session): SendKey,
    Path(id): Path<String>,
) -> Result<Json<Shown>, Problem> {
    let id = ids::campaign("id", &id)?;
    let row = app.campaigns.pause(&caller(session), id).await?;
    Ok(Json(row.into()))
}

/// Go on; failures are counted anew from here.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/resume", tag = "campaigns",
    params(
        ("id" = String, Path, description = "As the list shows it"),
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who does it; for the audit trail"),
    ),
    responses(
        (status = 200, description = "It runs", body = Shown),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "There is no such campaign", body = Problem),
        (status = 409, description = "Its state has no such step", body = Problem),
        (status = 422, description = "It is no id", body = Problem),
    )
)]
pub async fn resume_campaign(
    State(app): State<App>,
    SendKey(session): SendKey,
    Path(id): Path<String>,
) -> Result<Json<Shown>, Problem> {
    let id = ids::campaign("id", &id)?;
    let row = app.campaigns.resume(&caller(session), id).await?;
    Ok(Json(row.into()))
}

/// End it for good: what was not called stays unsent.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/stop", tag = "campaigns",
    params(
        ("id" = String, Path, description = "As the list shows it"),
        ("X-Puente-Acting-User" = Option<String>, Header,
            description = "Salesforce user who does it; for the audit trail"),
    ),
    responses(
        (status = 200, description = "It is being stopped", body = Shown),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 404, description = "There is no such campaign", body = Problem),
        (status = 409, description = "Its state has no such step", body = Problem),
        (status = 422, description = "It is no id", body = Problem),
    )
)]
pub async fn stop_campaign(
    State(app): State<App>,
    SendKey(session): SendKey,
    Path(id): Path<String>,
) -> Result<Json<Shown>, Problem> {
    let id = ids::campaign("id", &id)?;
    let row = app.campaigns.stop(&caller(session), id).await?;
    Ok(Json(row.into()))
}
