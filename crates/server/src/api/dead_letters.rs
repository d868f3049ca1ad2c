//! `GET /api/v1/dead-letters`: what did not go through, and why.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::OutboxState;
use utoipa::{IntoParams, ToSchema};

use super::input::Params;
use super::paging;
use crate::auth::ReadKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// At most this many of each list: 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// A part of a webhook that was set aside whole; its neighbours went on.
#[derive(Serialize, ToSchema)]
pub struct Item {
    id: i64,
    /// `message`, `status`, or the webhook field.
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// RFC 3339, UTC.
    received_at: String,
}

/// A send that failed, or whose answer was lost.
#[derive(Serialize, ToSchema)]
pub struct Letter {
    id: String,
    message_id: String,
    person_id: String,
    number: String,
    /// `live`, `automatic` or `campaign`.
    class: &'static str,
    /// `failed`: refused for good. `asked`: nobody knows whether it was sent,
    /// and a person decides. `uncertain`: its status may still settle it.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// Calls made to Meta.
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// RFC 3339, UTC.
    created_at: String,
}

#[derive(Serialize, ToSchema)]
pub struct DeadLetters {
    items: Vec<Item>,
    sends: Vec<Letter>,
}

/// Webhook items set aside, and sends that failed or are uncertain.
#[utoipa::path(
    get, path = "/api/v1/dead-letters", tag = "lists", params(Query),
    responses(
        (status = 200, description = "Both lists", body = DeadLetters),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn dead_letters(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(query): Params<Query>,
) -> Result<Json<DeadLetters>, Problem> {
    let max = paging::limit(query.limit)?;
    let aside = app.store.items_aside(Some(&session.tenant), max).await?;
    let mut sends = Vec::new();
    for state in [OutboxState::Asked, OutboxState::Uncertain, OutboxState::Failed] {
        let room = max.saturating_sub(sends.len() as u32);
        let rows = app.store.outbox_in_state(&session.tenant, state, room).await?;
        sends.extend(rows.into_iter().map(Letter::from));
    }
    Ok(Json(DeadLetters { items: aside.into_iter().map(Item::from).collect(), sends }))
}

impl From<store::Item> for Item {
    fn from(item: store::Item) -> Self {
        Self {
            id: item.id,
            kind: item.kind,
            number: item.number.map(|n| n.to_string()),
            code: item.code,
            detail: item.detail,
            received_at: clock::text(item.received_at),
        }
    }
}

impl From<store::Outbox> for Letter {
    fn from(row: store::Outbox) -> Self {
        Self {
            id: row.id.to_string(),
            message_id: row.message.to_string(),
            person_id: row.person.to_string(),
            number: row.number.to_string(),
            class: row.class.as_str(),
            state: row.state.as_str(),
            reference: row.reference,
            attempts: row.attempts,
            code: row.code,
            detail: row.detail,
            created_at: clock::text(row.created_at),
        }
    }
}
