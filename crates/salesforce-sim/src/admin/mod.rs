//! The simulator's own API under `/_sim`, for pages and for tests in any language.

mod knobs;
mod records;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::StatusCode;
use serde_json::json;

use crate::error::ApiError;
use crate::handle::Handle;

/// | path | what |
/// | --- | --- |
/// | `GET /objects` | live rows by object |
/// | `GET, POST /objects/{object}` | its rows; create one as an agent would |
/// | `GET, PATCH, DELETE /records/{id}` | one record, as an agent would |
/// | `POST /records/{id}/close` | closes a case |
/// | `POST /records/{id}/convert` | converts a lead |
/// | `POST /records/{id}/merge/{loser}` | merges the second into the first |
/// | `GET /changes?after=&limit=` | what was committed since |
/// | `GET, PUT /knobs` | duplicate rules, triggers, storage, assignment |
/// | `POST /fields` | `{"object","field","visible"}`: field-level security |
/// | `POST /latency` | `{"base_ms","per_row_ms","tail_max_ms"}` |
/// | `GET, POST /usage` | counted calls; `{"max"}` sets the quota |
/// | `POST /sessions/invalidate` | ends all sessions |
/// | `GET, POST, DELETE /refusal` | what the token endpoint answers instead of tokens |
/// | `POST /locks` | `{"ids","ms"}`: holds rows for a while |
/// | `POST /reset` | forgets all records |
/// | `/faults`, `/requests` | the fault script, the request log |
pub fn router(handle: Handle) -> Router {
    let gate = handle.gate().clone();
    Router::new()
        .route("/objects", get(records::counts))
        .route("/objects/{object}", get(records::list).post(records::create))
        .route("/records/{id}", get(records::show).patch(records::update).delete(records::delete))
        .route("/records/{id}/close", post(records::close))
        .route("/records/{id}/convert", post(records::convert))
        .route("/records/{id}/merge/{loser}", post(records::merge))
        .route("/changes", get(records::changes))
        .route("/reset", post(records::reset))
        .route("/knobs", get(knobs::show).put(knobs::set))
        .route("/fields", post(knobs::field))
        .route("/latency", post(knobs::latency))
        .route("/usage", get(knobs::usage).post(knobs::quota))
        .route("/sessions/invalidate", post(knobs::invalidate))
        .route("/refusal", get(knobs::refusals).post(knobs::refuse).delete(knobs::accept))
        .route("/locks", post(knobs::hold))
        .with_state(handle)
        .merge(sim_kit::admin(gate))
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, axum::Json(self.body())).into_response()
    }
}

/// The answer of what has nothing else to say.
fn done() -> axum::Json<serde_json::Value> {
    axum::Json(json!({ "success": true }))
}
