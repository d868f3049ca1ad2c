//! `GET /api/v1/templates`

use axum::Json;
use axum::extract::State;

use super::Template;
use crate::api::paging::Paged;
use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

/// The tenant's templates, by account, name and language.
#[utoipa::path(
    get, path = "/api/v1/templates", tag = "templates",
    responses(
        (status = 200, description = "All of them", body = Paged<Template>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn templates(
    State(app): State<App>,
    ReadKey(session): ReadKey,
) -> Result<Json<Paged<Template>>, Problem> {
    let all = app.store.templates(&session.tenant).await?;
    Ok(Json(Paged { items: all.into_iter().map(Template::from).collect(), next: None }))
}
