//! `GET /api/v1/restore`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::input::Params;
use crate::api::paging;
use crate::auth::ReadKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// At most this many: 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A send that waits for a match or for a person's word.
#[derive(Serialize, ToSchema)]
pub struct HeldSend {
    id: String,
    message_id: String,
    person_id: String,
    number: String,
    /// `live`, `automatic` or `campaign`.
    class: &'static str,
    /// Calls that this database knows of.
    attempts: u32,
    /// RFC 3339, UTC.
    created_at: String,
}

#[derive(Serialize, ToSchema)]
pub struct Restore {
    /// Nothing is sent in the whole installation.
    held: bool,
    /// `restored`, `ahead`, `copied`, `other_process`, `other_installation` or
    /// `newer_generation`.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    /// RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// Held sends of this tenant.
    count: u64,
    items: Vec<HeldSend>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Whether sends are held after a restore, and which.
#[utoipa::path(
    get, path = "/api/v1/restore", tag = "operations", params(Query),
    responses(
        (status = 200, description = "How it stands", body = Restore),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn restore(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(query): Params<Query>,
) -> Result<Json<Restore>, Problem> {
    let max = paging::limit(query.limit)?;
    let after = paging::sequence(query.cursor.as_deref())?;
    let hold = app.store.hold().await?;
    let count = app.store.held_count(&session.tenant).await?;
    let page = app.store.held_after(&session.tenant, after, max).await?;
    let full = page.len() as u32 == max;
    let next = page.last().filter(|_| full).map(|row| row.seq.to_string());
    let items = page.into_iter().map(|row| HeldSend {
        id: row.id.to_string(),
        message_id: row.message.to_string(),
        person_id: row.person.to_string(),
        number: row.number.to_string(),
        class: row.class.as_str(),
        attempts: row.attempts,
        created_at: clock::text(row.created_at),
    });
    Ok(Json(Restore {
        held: hold.is_some(),
        why: hold.map(|hold| hold.why.as_str()),
        since: hold.map(|hold| clock::text(hold.since)),
        count,
        items: items.collect(),
        next,
    }))
}
