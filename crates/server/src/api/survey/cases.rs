//! `GET /api/v1/survey/cases`

use axum::Json;
use axum::extract::State;
use model::UnixMs;
use model::ids::SurveyId;
use serde::{Deserialize, Serialize};
use store::SurveyState;
use utoipa::{IntoParams, ToSchema};

use crate::api::input::Params;
use crate::api::paging::{self, Paged};
use crate::auth::ReadKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// `waiting`, `asked`, `answered` or `skipped`; all when left out.
    state: Option<String>,
    /// 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A closed case whose customer is to be asked, was asked, or is not asked. Times
/// are RFC 3339, UTC.
#[derive(Serialize, ToSchema)]
#[schema(as = SurveyCase)]
pub struct Listed {
    #[schema(example = "srv_019357a0c4d87c3eb3f4a1d2c5e60718")]
    id: String,
    case_id: String,
    conversation_id: String,
    person_id: String,
    /// Meta's id of the business number.
    number: String,
    closed_at: String,
    /// `waiting`, `asked`, `answered`, `skipped`.
    state: &'static str,
    /// Why it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "window_closed")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_at: Option<String>,
    /// The question: `msg_...`
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
    /// Of the file by which it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    /// `csat`, 1 to 5, or `nps`, 0 to 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    /// The case has all that was answered, as far as the file keeps it there.
    in_case: bool,
}

/// Closed cases and what became of asking about them, newest first.
#[utoipa::path(
    get, path = "/api/v1/survey/cases", tag = "survey", params(Query),
    responses(
        (status = 200, description = "A page", body = Paged<Listed>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 422, description = "No such state, or not a cursor of this list", body = Problem),
    )
)]
pub async fn survey_cases(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(query): Params<Query>,
) -> Result<Json<Paged<Listed>>, Problem> {
    let max = paging::limit(query.limit)?;
    let state = query.state.as_deref().map(read_state).transpose()?;
    let before = query.cursor.as_deref().map(read_cursor).transpose()?;
    let rows = app.store.surveys_list(&session.tenant, state, before, max).await?;
    let next = rows.last().filter(|_| rows.len() == max as usize);
    let next = next.map(|row| format!("{}.{}", row.noticed_at.0, row.id));
    Ok(Json(Paged { items: rows.into_iter().map(listed).collect(), next }))
}

fn listed(row: store::SurveyCase) -> Listed {
    let asked = row.asked.as_ref();
    Listed {
        id: row.id.to_string(),
        case_id: row.case.to_string(),
        conversation_id: row.conversation.to_string(),
        person_id: row.person.to_string(),
        number: row.number.to_string(),
        closed_at: clock::text(row.closed_at),
        state: row.state.as_str(),
        reason: row.reason,
        asked_at: asked.map(|ask| clock::text(ask.at)),
        message_id: asked.map(|ask| ask.message.to_string()),
        version: asked.map(|ask| ask.version),
        scale: asked.map(|ask| ask.scale.clone()),
        score: row.score,
        answered_at: row.answered_at.map(clock::text),
        comment: row.comment,
        in_case: row.heard > 0 && row.written == row.heard,
    }
}

fn read_state(text: &str) -> Result<SurveyState, Problem> {
    SurveyState::parse(text).ok_or_else(|| {
        let words: Vec<_> = SurveyState::ALL.iter().map(|state| state.as_str()).collect();
        let cure = format!("Send one of: {}.", words.join(", "));
        Problem::field("state", format!("There is no '{text}'."), cure)
    })
}

fn read_cursor(text: &str) -> Result<(UnixMs, SurveyId), Problem> {
    let read = || {
        let (at, id) = text.split_once('.')?;
        Some((UnixMs(at.parse().ok()?), SurveyId::parse(id)?))
    };
    read().ok_or_else(paging::bad_cursor)
}
