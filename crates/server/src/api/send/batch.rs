//! `POST /send/batch`

use axum::Json;
use axum::extract::State;
use futures_util::{StreamExt, stream};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::envelope::{self, Envelope, Receipt};
use super::one::caller;
use crate::api::input::{Object, key_shape, kind, take_text};
use crate::auth::SendKey;
use crate::problem::Problem;
use crate::state::{App, Inner};

const MESSAGES_MAX: usize = 200;
/// Addresses worked on at one time; the store groups what meets there.
const TOGETHER: usize = 16;

/// One message of a batch.
#[derive(ToSchema)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct BatchMessage {
    /// As the header of `POST /send`: 1 to 255 visible characters.
    #[schema(max_length = 255)]
    idempotency_key: String,
    #[serde(flatten)]
    message: Envelope,
}

#[derive(ToSchema)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Batch {
    #[schema(min_items = 1, max_items = 200)]
    messages: Vec<BatchMessage>,
}

/// What became of one message: a receipt or a problem, never both.
#[derive(Serialize, ToSchema)]
pub struct BatchResult {
    /// What `POST /send` would have answered.
    #[schema(example = 202)]
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<Receipt>,
    /// True when the key was known and this is the first answer again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    repeated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

#[derive(Serialize, ToSchema)]
pub struct BatchResults {
    /// One for each message, in its place.
    results: Vec<BatchResult>,
}

/// Accept up to 200 messages, each by itself.
///
/// A message that cannot be accepted does not hold the others back. Messages
/// with the same `to` are accepted in the order given.
#[utoipa::path(
    post, path = "/send/batch", tag = "send",
    params(("X-Puente-Acting-User" = Option<String>, Header,
        description = "Salesforce user on whose behalf they are sent; for the audit trail")),
    request_body = Batch,
    responses(
        (status = 200, description = "A result for each message, in order", body = BatchResults),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `send`", body = Problem),
        (status = 422, description = "Not a list of 1 to 200 messages", body = Problem),
    )
)]
pub async fn send_batch(
    State(app): State<App>,
    SendKey(session): SendKey,
    Object(body): Object,
) -> Result<Json<BatchResults>, Problem> {
    let messages = list(body)?;
    let count = messages.len();
    let (app, caller) = (&*app, &caller(session));
    // Boxed: what waits for a commit is large, and there may be 200 of it.
    let done: Vec<Vec<(usize, BatchResult)>> = stream::iter(by_address(messages))
        .map(|group| Box::pin(accept_in_order(app, caller, group)))
        .buffer_unordered(TOGETHER)
        .collect()
        .await;
    let mut results: Vec<_> = done.into_iter().flatten().collect();
    results.sort_by_key(|(place, _)| *place);
    debug_assert_eq!(results.len(), count);
    Ok(Json(BatchResults { results: results.into_iter().map(|(_, result)| result).collect() }))
}

fn list(mut body: Map<String, Value>) -> Result<Vec<Value>, Problem> {
    let cure = format!("Send 1 to {MESSAGES_MAX} messages in a list.");
    let wrong = |why: String| Problem::field("messages", why, cure.clone());
    match body.remove("messages") {
        Some(Value::Array(list)) if (1..=MESSAGES_MAX).contains(&list.len()) => Ok(list),
        Some(Value::Array(list)) => Err(wrong(format!("It holds {} messages.", list.len()))),
        Some(other) => Err(wrong(format!("It is {}.", kind(&other)))),
        None => Err(wrong("It is missing.".to_owned())),
    }
}

type Placed = (usize, Value);

/// Messages with the same address stay together, in order.
fn by_address(messages: Vec<Value>) -> Vec<Vec<Placed>> {
    let mut groups = std::collections::BTreeMap::<String, Vec<Placed>>::new();
    for (place, message) in messages.into_iter().enumerate() {
        let to = message.get("to").and_then(Value::as_str).unwrap_or_default().to_owned();
        groups.entry(to).or_default().push((place, message));
    }
    groups.into_values().collect()
}

async fn accept_in_order(
    app: &Inner,
    caller: &engine::Caller,
    group: Vec<Placed>,
) -> Vec<(usize, BatchResult)> {
    let mut results = Vec::with_capacity(group.len());
    for (place, message) in group {
        results.push((place, accept(app, caller, message).await.into()));
    }
    results
}

async fn accept(
    app: &Inner,
    caller: &engine::Caller,
    message: Value,
) -> Result<engine::Accepted, Problem> {
    let Value::Object(mut map) = message else {
        let why = format!("One of them is {}.", kind(&message));
        return Err(Problem::field("messages", why, "Send each message as an object."));
    };
    let cure = "Give each message a key of its own, for instance a UUID.";
    let key = take_text(&mut map, "idempotency_key", 255)?
        .ok_or_else(|| Problem::field("idempotency_key", "It is missing.", cure))?;
    key_shape(&key).map_err(|why| Problem::field("idempotency_key", why, cure))?;
    Ok(app.desk.accept(caller, &key, envelope::read(map)?).await?)
}

impl From<Result<engine::Accepted, Problem>> for BatchResult {
    fn from(result: Result<engine::Accepted, Problem>) -> Self {
        match result {
            Ok(accepted) => Self {
                status: 202,
                accepted: Some(Receipt::from(&accepted)),
                repeated: accepted.repeated,
                problem: None,
            },
            Err(problem) => Self {
                status: problem.status().as_u16(),
                accepted: None,
                repeated: false,
                problem: Some(problem),
            },
        }
    }
}
