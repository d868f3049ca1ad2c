//! Turning the org's knobs.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::done;
use crate::config::Latency;
use crate::handle::Handle;
use crate::oauth::{OAuthError, TOKEN_ERRORS};
use crate::org::Knobs;

pub async fn show(State(sim): State<Handle>) -> Json<Knobs> {
    Json(sim.knobs())
}

pub async fn set(State(sim): State<Handle>, Json(knobs): Json<Knobs>) -> Json<Knobs> {
    sim.set_knobs(|k| *k = knobs);
    Json(sim.knobs())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visibility {
    object: String,
    field: String,
    visible: bool,
}

pub async fn field(State(sim): State<Handle>, Json(v): Json<Visibility>) -> Json<Value> {
    sim.set_field_visible(&v.object, &v.field, v.visible);
    done()
}

pub async fn latency(State(sim): State<Handle>, Json(latency): Json<Latency>) -> Json<Value> {
    sim.set_latency(latency);
    done()
}

pub async fn usage(State(sim): State<Handle>) -> Json<Value> {
    let now = sim.shared.gate.clock.now_ms();
    let mut usage = sim.shared.usage.lock();
    Json(json!({ "used": usage.used(now), "max": usage.max, "total": usage.total }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    max: u64,
}

pub async fn quota(State(sim): State<Handle>, Json(quota): Json<Quota>) -> Json<Value> {
    sim.set_daily_calls(quota.max);
    done()
}

pub async fn invalidate(State(sim): State<Handle>) -> Json<Value> {
    Json(json!({ "success": true, "sessions": sim.invalidate_sessions() }))
}

/// The refusals that are known to happen.
pub async fn refusals() -> Json<Value> {
    let known = TOKEN_ERRORS.map(|(error, description)| OAuthError::new(error, description));
    Json(json!(known))
}

pub async fn refuse(State(sim): State<Handle>, Json(error): Json<OAuthError>) -> Json<Value> {
    sim.refuse_tokens(Some(error));
    done()
}

pub async fn accept(State(sim): State<Handle>) -> Json<Value> {
    sim.refuse_tokens(None);
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    ids: Vec<String>,
    ms: i64,
}

/// Answers as soon as the rows are held.
pub async fn hold(State(sim): State<Handle>, Json(hold): Json<Hold>) -> Json<Value> {
    let held = sim.hold(hold.ids).await;
    let clock = sim.gate().clock.clone();
    tokio::spawn(async move {
        clock.sleep_ms(hold.ms).await;
        drop(held);
    });
    done()
}
