//! `POST /api/v1/dead-letters/replay` and `/discard`: many at once.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use engine::letters::Act;
use serde::Serialize;
use serde_json::{Map, Value};
use store::LetterFilter;
use utoipa::ToSchema;

use super::discard::reason;
use super::list::{cursor, filter};
use crate::api::input::{Object, kind, nothing_else, take_text};
use crate::auth::{ManageKey, Session};
use crate::clock;
use crate::problem::Problem;
use crate::state::{App, Inner};

/// Which ones. Without a filter: all.
#[derive(ToSchema)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Many {
    /// `true` when left out: they are only counted.
    dry_run: Option<bool>,
    /// `webhook`, `item`, `send`, `write`, `record` or `file`.
    kind: Option<String>,
    code: Option<String>,
    /// Set aside at this time or later: RFC 3339.
    from: Option<String>,
    /// Set aside before this time; send back what the dry run answered.
    until: Option<String>,
    /// `next` of the answer before.
    cursor: Option<String>,
    /// Why; required to discard.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// What was counted or done.
#[derive(Default, Serialize, ToSchema)]
pub struct Done {
    dry_run: bool,
    /// Those that the filter means.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    by_kind: BTreeMap<&'static str, u64>,
    /// The time up to which they were counted: send it back as `until`, and
    /// what is set aside meanwhile stays out of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<u64>,
    /// Settled or decided meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<u64>,
    /// The first twenty of those, with why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refusals: Vec<RefusedLetter>,
    /// There are more: send it as `cursor` to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct RefusedLetter {
    id: String,
    problem: Problem,
}

/// Bring many back: a dry run counts them first.
///
/// Up to a thousand in one call, longest waiting first; `next` goes on.
#[utoipa::path(
    post, path = "/api/v1/dead-letters/replay", tag = "letters", request_body = Many,
    responses(
        (status = 200, description = "Counted, or done", body = Done),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "Not a filter", body = Problem),
    )
)]
pub async fn replay_letters(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<Json<Done>, Problem> {
    let wish = Wish::read(&mut body)?;
    nothing_else(&body)?;
    wish.carry_out(&app, session, &Act::Replay).await.map(Json)
}

/// End many with one reason: a dry run counts them first.
///
/// Up to a thousand in one call, longest waiting first; `next` goes on.
#[utoipa::path(
    post, path = "/api/v1/dead-letters/discard", tag = "letters", request_body = Many,
    responses(
        (status = 200, description = "Counted, or done", body = Done),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "Not a filter, or no reason", body = Problem),
    )
)]
pub async fn discard_letters(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<Json<Done>, Problem> {
    let wish = Wish::read(&mut body)?;
    let act = Act::Discard { reason: reason(&mut body)? };
    nothing_else(&body)?;
    wish.carry_out(&app, session, &act).await.map(Json)
}

struct Wish {
    dry_run: bool,
    filter: LetterFilter,
}

impl Wish {
    fn read(body: &mut Map<String, Value>) -> Result<Self, Problem> {
        let dry_run = match body.remove("dry_run") {
            None | Some(Value::Null | Value::Bool(true)) => true,
            Some(Value::Bool(false)) => false,
            Some(other) => {
                let why = format!("It is {}.", kind(&other));
                return Err(Problem::field("dry_run", why, "Send true or false."));
            }
        };
        let mut text = |name| take_text(body, name, 128);
        let filter =
            filter(text("kind")?, text("code")?, text("from")?, text("until")?, text("cursor")?)?;
        Ok(Self { dry_run, filter })
    }

    async fn carry_out(self, app: &Inner, by: Session, act: &Act) -> Result<Done, Problem> {
        let letters = super::letters(app);
        if self.dry_run {
            let now = app.ambient.now();
            let until = self.filter.until.map_or(now, |until| until.min(now));
            let filter = LetterFilter { until: Some(until), ..self.filter };
            let count = letters.count(&by.tenant, &filter).await?;
            return Ok(Done {
                dry_run: true,
                count: Some(count.all),
                by_kind: count.by_kind.iter().map(|(kind, n)| (kind.as_str(), *n)).collect(),
                until: Some(clock::text(until)),
                ..Done::default()
            });
        }
        let bulk = letters.all(&super::asking(by), &self.filter, act).await?;
        let refusals = bulk.refusals.into_iter().map(|(id, refusal)| RefusedLetter {
            id: id.to_string(),
            problem: Problem::from(refusal),
        });
        Ok(Done {
            done: Some(bulk.done),
            settled: Some(bulk.settled),
            refused: Some(bulk.refused),
            refusals: refusals.collect(),
            next: bulk.next.map(|(at, id)| cursor(at, id)),
            ..Done::default()
        })
    }
}
