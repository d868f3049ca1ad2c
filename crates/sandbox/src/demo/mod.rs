//! The demo page's own JSON API: the customers' phones, what the bridge did,
//! the org's records, and a reply box. Served by the sandbox alone.
//!
//! It is the only place where the simulators' truth and puente's are read side
//! by side, and it goes in through the front door: a reply is a `POST /send`.

mod acts;
mod files;
mod phones;
mod records;
mod traces;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use engine::{Board, Desk};
use model::ids::{PhoneNumberId, TenantId};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Store;

use crate::town::Town;

/// Handles of a [`Town`]; cheap to share with every request.
pub(crate) struct Demo {
    phones: whatsapp_sim::Handle,
    org: salesforce_sim::Handle,
    desk: Desk,
    board: Board,
    store: Store,
    tenant: TenantId,
    number: PhoneNumberId,
}

pub fn router(town: &Town) -> Router {
    let demo = Arc::new(Demo {
        phones: town.sims.whatsapp.handle(),
        org: town.sims.salesforce.handle(),
        desk: town.engine.desk.clone(),
        board: town.engine.board.clone(),
        store: town.store.clone(),
        tenant: town.tenant.clone(),
        number: town.number.clone(),
    });
    Router::new()
        .route("/demo/api/state", get(state))
        .route("/demo/api/phones/{customer}/send", post(acts::send))
        .route("/demo/api/phones/{customer}/read", post(acts::read))
        .route("/demo/api/reply", post(acts::reply))
        .route("/demo/api/files/{id}", get(files::show))
        .with_state(demo)
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

/// 204 while nothing changed on either side or between them.
async fn state(State(demo): State<Arc<Demo>>, Query(query): Query<After>) -> Response {
    let feed = demo.store.feed_bounds(&demo.tenant).await.map_or(0, |(_, newest)| newest);
    let revision = demo.phones.read(|world| world.revision());
    let cursor = format!("{revision}.{}.{feed}", demo.org.last_change());
    if query.after.as_deref() == Some(&cursor) {
        return StatusCode::NO_CONTENT.into_response();
    }
    match whole(&demo).await {
        Ok(mut state) => {
            state["cursor"] = cursor.into();
            Json(state).into_response()
        }
        Err(error) => acts::problem(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string(), ""),
    }
}

async fn whole(demo: &Demo) -> Result<Value, store::StoreError> {
    let records = records::records(&demo.org);
    Ok(json!({
        "customers": phones::customers(&demo.phones, &demo.org),
        "phones": phones::threads(&demo.phones),
        "traces": traces::traces(demo).await?,
        "records": records,
    }))
}
