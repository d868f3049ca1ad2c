//! `GET /api/v1/conversations`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use model::UnixMs;
use model::ids::{ConversationId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::Params;
use super::paging::{self, Paged};
use crate::auth::ReadKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// One episode with a person on a number, from open to close. Times are
/// RFC 3339, UTC.
#[derive(Serialize, ToSchema)]
pub struct Conversation {
    #[schema(example = "con_019357a0c4d87c3eb3f4a1d2c5e60718")]
    id: String,
    person_id: String,
    /// The name in their WhatsApp profile, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    person_name: Option<String>,
    /// Meta's id of the business number.
    number: String,
    opened_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_message_at: Option<String>,
    /// Of the newest message from the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_inbound_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_response_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    case_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opportunity_id: Option<String>,
}

/// Conversations, newest first.
#[utoipa::path(
    get, path = "/api/v1/conversations", tag = "lists", params(Query),
    responses(
        (status = 200, description = "A page", body = Paged<Conversation>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 422, description = "Not a cursor of this list", body = Problem),
    )
)]
pub async fn conversations(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(query): Params<Query>,
) -> Result<Json<Paged<Conversation>>, Problem> {
    let max = paging::limit(query.limit)?;
    let before = query.cursor.as_deref().map(read_cursor).transpose()?;
    let rows = app.store.conversations_list(&session.tenant, before, max).await?;
    let next = rows.last().filter(|_| rows.len() == max as usize).map(cursor);

    let mut people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    people.sort_unstable();
    people.dedup();
    let people = app.store.persons(&session.tenant, &people).await?;
    let names: BTreeMap<PersonId, Option<String>> =
        people.into_iter().map(|person| (person.id, person.profile.display_name)).collect();

    let items = rows.into_iter().map(|row| {
        let name = names.get(&row.person).cloned().flatten();
        shown(row, name)
    });
    Ok(Json(Paged { items: items.collect(), next }))
}

fn shown(row: store::Conversation, person_name: Option<String>) -> Conversation {
    Conversation {
        id: row.id.to_string(),
        person_id: row.person.to_string(),
        person_name,
        number: row.number.to_string(),
        opened_at: clock::text(row.opened_at),
        closed_at: row.closed_at.map(clock::text),
        last_message_at: row.last_message_at.map(clock::text),
        last_inbound_at: row.last_inbound_at.map(clock::text),
        first_response_at: row.first_response_at.map(clock::text),
        case_id: row.case.map(|id| id.to_string()),
        opportunity_id: row.opportunity.map(|id| id.to_string()),
    }
}

fn cursor(row: &store::Conversation) -> String {
    format!("{}.{}", row.opened_at.0, row.id)
}

fn read_cursor(text: &str) -> Result<(UnixMs, ConversationId), Problem> {
    let read = || {
        let (at, id) = text.split_once('.')?;
        Some((UnixMs(at.parse().ok()?), ConversationId::parse(id)?))
    };
    read().ok_or_else(paging::bad_cursor)
}
