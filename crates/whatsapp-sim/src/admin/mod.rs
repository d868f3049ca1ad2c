//! The admin API under `/_sim`, for the demo page and for tests in any language.
//!
//! - `GET /state`, `GET /deliveries`, `GET /tally`
//! - `GET|POST /faults`, `DELETE /faults`, `GET|DELETE /requests`
//! - `GET|PATCH /knobs` with `pace`, `webhooks`, `rules`
//! - `GET|POST /customers`, `PATCH /customers/{id}`
//! - `POST /customers/{id}/{says|taps|reads|edits|deletes|moves|prefers|online|dirty}`
//! - `GET /phones/{id}?after=`: the thread, by cursor
//! - `PATCH /numbers/{id}`, `PATCH /tokens/{value}`, `POST /templates/{id}`
//! - `POST /changes`: any webhook change, `{"waba_id","number_id","field","value"}`
//!
//! Errors are `{"error":"<sentence>"}` with 404 or 422.

mod acts;
mod patch;
mod views;

use axum::Router;
use axum::routing::{get, patch as patching, post};

use crate::core::Core;
use crate::handle::Handle;

pub fn router(handle: Handle) -> Router<std::sync::Arc<Core>> {
    let own = Router::new()
        .route("/state", get(views::state))
        .route("/deliveries", get(views::deliveries))
        .route("/tally", get(views::tally))
        .route("/phones/{id}", get(views::phone))
        .route("/knobs", get(patch::knobs).patch(patch::set_knobs))
        .route("/customers", get(views::customers).post(acts::create))
        .route("/customers/{id}", patching(patch::customer))
        .route("/customers/{id}/{act}", post(acts::act))
        .route("/numbers/{id}", patching(patch::number))
        .route("/tokens/{id}", patching(patch::token))
        .route("/templates/{id}", post(acts::template))
        .route("/changes", post(acts::change))
        .with_state(handle.clone());
    let shared = sim_kit::admin(handle.gate().clone());
    Router::new().merge(own).merge(shared).with_state(())
}
