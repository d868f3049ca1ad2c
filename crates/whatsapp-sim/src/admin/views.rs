//! Reading.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::acts::{Answer, missing};
use crate::handle::Handle;

/// Everything but the bytes of media and the messages, which have pages of
/// their own. Secrets are the simulator's and stand for nothing.
pub async fn state(State(handle): State<Handle>) -> Json<Value> {
    Json(handle.read(|w| {
        json!({
            "apps": w.apps, "businesses": w.businesses, "wabas": w.wabas, "numbers": w.numbers,
            "tokens": w.tokens, "templates": w.templates, "customers": w.customers,
            "messages": w.messages.len(), "media": w.media.len(), "swallowed": w.swallowed,
            "cursor": w.revision(), "busy": handle.busy(),
        })
    }))
}

pub async fn deliveries(State(handle): State<Handle>) -> Json<Value> {
    Json(json!(handle.deliveries()))
}

pub async fn tally(State(handle): State<Handle>) -> Json<Value> {
    Json(json!(handle.tally()))
}

pub async fn customers(State(handle): State<Handle>) -> Json<Value> {
    Json(handle.read(|w| json!(w.customers.values().collect::<Vec<_>>())))
}

#[derive(Deserialize)]
pub struct After {
    #[serde(default)]
    after: u64,
}

/// `{"customer","messages","typing","cursor"}`; ask again with `after=cursor`.
pub async fn phone(
    State(handle): State<Handle>,
    Path(id): Path<String>,
    Query(from): Query<After>,
) -> Answer {
    handle.phone(&id, from.after).map(Json).ok_or_else(|| missing("customer", &id))
}
