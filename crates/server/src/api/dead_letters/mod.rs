//! Dead letters: everything that ended aside, and what is done about it.

pub mod bulk;
pub mod discard;
pub mod edit;
pub mod list;
pub mod one;
pub mod replay;

use serde::Serialize;
use utoipa::ToSchema;

use crate::api::send::one::caller;
use crate::auth::Session;
use crate::clock;
use crate::state::Inner;

/// One thing that ended aside.
#[derive(Serialize, ToSchema)]
pub struct DeadLetter {
    /// `webhook-7`, `item-7`, `out_...`, `msg_...`, `con_...`, `per_...`,
    /// `lead-...`, `case-...`, `med_...`.
    #[schema(example = "out_019357a0c4d87c3eb3f4a1d2c5e60718")]
    id: String,
    /// `webhook`: a whole body. `item`: one event of a body. `send`: refused for
    /// good. `write`: a row of ours that Salesforce refuses. `record`: a Lead or
    /// Case that could not be made. `file`: a customer's file that could not be
    /// brought to Salesforce.
    #[schema(example = "send")]
    kind: &'static str,
    /// When it was set aside: RFC 3339, UTC.
    at: String,
    code: String,
    /// What happened.
    cause: String,
    /// What helps.
    cure: String,
    /// The remote's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Meta's id of the business number.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    attempts: u32,
    /// The record in Salesforce, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    record_id: Option<String>,
    /// Whose it is, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    person_id: Option<String>,
    /// The message it belongs to, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
}

impl From<engine::letters::Shown> for DeadLetter {
    fn from(from: engine::letters::Shown) -> Self {
        let letter = from.letter;
        Self {
            id: letter.id.to_string(),
            kind: letter.id.kind().as_str(),
            at: clock::text(letter.at),
            code: letter.code,
            cause: from.cause,
            cure: from.cure,
            detail: letter.detail,
            number: letter.number.map(|n| n.to_string()),
            attempts: letter.attempts,
            record_id: letter.record.map(|id| id.to_string()),
            person_id: letter.person.map(|id| id.to_string()),
            message_id: letter.message.map(|id| id.to_string()),
        }
    }
}

/// What became of the wish.
#[derive(Serialize, ToSchema)]
pub struct Decision {
    id: String,
    /// `done`, or `settled`: it waits for nobody any more, and nothing was done.
    #[schema(example = "done")]
    outcome: &'static str,
}

impl Decision {
    pub fn new(id: impl ToString, outcome: engine::Outcome) -> Self {
        let outcome = match outcome {
            engine::Outcome::Done => "done",
            engine::Outcome::Settled => "settled",
        };
        Self { id: id.to_string(), outcome }
    }
}

fn letters(app: &Inner) -> engine::Letters {
    engine::Letters::new(app.desk.clone())
}

fn asking(session: Session) -> engine::Caller {
    caller(session)
}
