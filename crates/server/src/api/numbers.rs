//! `GET /api/v1/numbers`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::paging::Paged;
use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

/// A business number of this tenant.
#[derive(Serialize, ToSchema)]
pub struct Number {
    /// Meta's id: the `number` of `POST /send`.
    #[schema(example = "106540352242922")]
    id: String,
    /// As people know it.
    display: String,
    waba_id: String,
    /// The Meta app whose webhook serves it.
    app: String,
}

/// The tenant's business numbers.
#[utoipa::path(
    get, path = "/api/v1/numbers", tag = "lists",
    responses(
        (status = 200, description = "All of them", body = Paged<Number>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn numbers(State(app): State<App>, ReadKey(session): ReadKey) -> Json<Paged<Number>> {
    let numbers = app.directory.numbers_of(&session.tenant).map(|number| Number {
        id: number.id.to_string(),
        display: number.display.clone(),
        waba_id: number.waba.to_string(),
        app: number.app.to_string(),
    });
    Json(Paged { items: numbers.collect(), next: None })
}
