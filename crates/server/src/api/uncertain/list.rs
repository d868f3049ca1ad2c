//! `GET /api/v1/uncertain-sends`

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::OutboxState;
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
    /// 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// A send whose answer was lost.
#[derive(Serialize, ToSchema)]
pub struct UncertainSend {
    #[schema(example = "out_019357a0c4d87c3eb3f4a1d2c5e60718")]
    id: String,
    message_id: String,
    person_id: String,
    number: String,
    /// `live`, `automatic` or `campaign`.
    class: &'static str,
    /// `asked`: a person decides. `uncertain`: its status may still settle it.
    state: &'static str,
    /// What can be decided now: `resend`, `drop`.
    choices: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// Calls made to Meta.
    attempts: u32,
    /// How often a decision sent it again.
    replays: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    /// What helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    cure: Option<String>,
    /// RFC 3339, UTC.
    created_at: String,
}

#[derive(Serialize, ToSchema)]
pub struct UncertainSends {
    items: Vec<UncertainSend>,
}

/// Those that wait for a person first, then those that a status may settle.
#[utoipa::path(
    get, path = "/api/v1/uncertain-sends", tag = "letters", params(Query),
    responses(
        (status = 200, description = "The longest waiting of both", body = UncertainSends),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn uncertain_sends(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(query): Params<Query>,
) -> Result<Json<UncertainSends>, Problem> {
    let max = paging::limit(query.limit)?;
    let rows = app.desk.uncertain(&session.tenant, max).await?;
    Ok(Json(UncertainSends { items: rows.into_iter().map(UncertainSend::from).collect() }))
}

impl From<store::Outbox> for UncertainSend {
    fn from(row: store::Outbox) -> Self {
        let told = row.code.as_deref().and_then(engine::told);
        let asked = row.state == OutboxState::Asked;
        Self {
            id: row.id.to_string(),
            message_id: row.message.to_string(),
            person_id: row.person.to_string(),
            number: row.number.to_string(),
            class: row.class.as_str(),
            state: row.state.as_str(),
            choices: if asked { vec!["resend", "drop"] } else { vec![] },
            reference: row.reference,
            attempts: row.attempts,
            replays: row.replays,
            cause: told.map(|t| t.cause.to_owned()).or(row.detail),
            cure: told.map(|t| t.cure.to_owned()),
            code: row.code,
            created_at: clock::text(row.created_at),
        }
    }
}
