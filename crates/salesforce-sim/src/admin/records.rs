//! Records, as the org's own people see and change them.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::done;
use crate::error::ApiError;
use crate::handle::Handle;
use crate::records::{ConvertLead, Converted};

type Done = Result<Json<Value>, ApiError>;

pub async fn counts(State(sim): State<Handle>) -> Json<Value> {
    Json(sim.counts())
}

pub async fn list(State(sim): State<Handle>, Path(object): Path<String>) -> Json<Value> {
    Json(json!(sim.rows(&object)))
}

pub async fn create(
    State(sim): State<Handle>,
    Path(object): Path<String>,
    Json(body): Json<Value>,
) -> Done {
    Ok(Json(json!({ "id": sim.create(&object, body)?, "success": true })))
}

pub async fn show(State(sim): State<Handle>, Path(id): Path<String>) -> Done {
    sim.row(&id).map(Json).ok_or_else(ApiError::not_found)
}

pub async fn update(
    State(sim): State<Handle>,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Done {
    sim.update(&id, body).map(|()| done())
}

pub async fn delete(State(sim): State<Handle>, Path(id): Path<String>) -> Done {
    sim.delete(&id).map(|()| done())
}

pub async fn close(State(sim): State<Handle>, Path(id): Path<String>) -> Done {
    sim.close_case(&id).map(|()| done())
}

pub async fn convert(
    State(sim): State<Handle>,
    Path(id): Path<String>,
    Json(how): Json<ConvertLead>,
) -> Result<Json<Converted>, ApiError> {
    sim.convert_lead(&id, &how).map(Json)
}

pub async fn merge(
    State(sim): State<Handle>,
    Path((winner, loser)): Path<(String, String)>,
) -> Done {
    sim.merge(&winner, &loser).map(|()| done())
}

#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    after: u64,
    #[serde(default = "page")]
    limit: usize,
}

fn page() -> usize {
    1_000
}

/// `{"last":n,"changes":[{"seq","at_ms","object","id","kind","fields","by",...,"record"}]}`
pub async fn changes(State(sim): State<Handle>, Query(from): Query<From>) -> Json<Value> {
    let changes = sim.changes(from.after, from.limit);
    let last = changes.last().map_or_else(|| sim.last_change(), |c| c.seq);
    let shown: Vec<_> = changes
        .into_iter()
        .map(|change| {
            let record = sim.row(&change.id);
            let mut shown = json!(change);
            shown["record"] = json!(record);
            shown
        })
        .collect();
    Json(json!({ "last": last, "changes": shown }))
}

pub async fn reset(State(sim): State<Handle>) -> Json<Value> {
    sim.clear();
    done()
}
