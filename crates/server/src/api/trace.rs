//! `GET /api/v1/trace`: the whole way of one message, step by step.

use axum::Json;
use axum::extract::State;
use engine::Find;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::Params;
use super::status::query::{by_id, by_wamid};
use crate::auth::ReadKey;
use crate::clock;
use crate::problem::{self, Problem};
use crate::state::App;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// A message (`msg_...`) or a send (`out_...`).
    id: Option<String>,
    /// Meta's id of the message.
    wamid: Option<String>,
    /// With `wamid`: Meta's id of the business number.
    number: Option<String>,
}

impl Query {
    fn find(&self) -> Result<Find, Problem> {
        match (&self.id, &self.wamid) {
            (Some(id), None) => by_id(id),
            (None, Some(wamid)) => by_wamid(wamid, self.number.as_deref()),
            _ => Err(Problem::field(
                "query",
                "It does not name exactly one message.",
                "Send either id or wamid.",
            )),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct Trace {
    message_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    wamid: Option<String>,
    /// `in`, `out` or `echo`.
    direction: &'static str,
    /// In order of time.
    steps: Vec<Step>,
}

#[derive(Serialize, ToSchema)]
pub struct Step {
    /// RFC 3339, UTC.
    at: String,
    #[schema(example = "stored")]
    what: &'static str,
    detail: String,
}

#[derive(Serialize, ToSchema)]
pub struct Traces {
    items: Vec<Trace>,
}

/// Everything puente did with a message, from its arrival to its record.
///
/// A wamid that two business numbers share gives two.
#[utoipa::path(
    get, path = "/api/v1/trace", tag = "operations", params(Query),
    responses(
        (status = 200, description = "The way of the message", body = Traces),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 404, description = "No such message of this tenant", body = Problem),
        (status = 422, description = "Not exactly one message named", body = Problem),
    )
)]
pub async fn trace(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(query): Params<Query>,
) -> Result<Json<Traces>, Problem> {
    let found = app.board.trace(&session.tenant, query.find()?).await?;
    if found.is_empty() {
        return Err(Problem::new(&problem::NOT_FOUND, "No message of yours has this id."));
    }
    Ok(Json(Traces { items: found.into_iter().map(Trace::from).collect() }))
}

impl From<engine::Trace> for Trace {
    fn from(from: engine::Trace) -> Self {
        let step = |s: engine::Step| Step { at: clock::text(s.at), what: s.what, detail: s.detail };
        Self {
            message_id: from.message.to_string(),
            wamid: from.wamid,
            direction: from.direction.as_str(),
            steps: from.steps.into_iter().map(step).collect(),
        }
    }
}
