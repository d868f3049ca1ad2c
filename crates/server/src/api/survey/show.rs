//! `GET /api/v1/survey` and `GET /api/v1/survey/versions/{version}`

use axum::Json;
use axum::extract::{Path, State};

use crate::api::versions::{self, File, Shown};
use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

/// The survey in use, and which versions there are.
#[utoipa::path(
    get, path = "/api/v1/survey", tag = "survey",
    responses(
        (status = 200, description = "The survey in use", body = Shown),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn survey(
    State(app): State<App>,
    ReadKey(session): ReadKey,
) -> Result<Json<Shown>, Problem> {
    Ok(Json(versions::shown(&app.surveys.surveys, &session.tenant).await?))
}

/// The file of one version; 0 is the program's own, which asks nobody.
#[utoipa::path(
    get, path = "/api/v1/survey/versions/{version}", tag = "survey",
    params(("version" = i64, Path, description = "As `GET /api/v1/survey` lists it")),
    responses(
        (status = 200, description = "The file", body = File),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 404, description = "There is no such version", body = Problem),
    )
)]
pub async fn survey_version(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Path(version): Path<String>,
) -> Result<Json<File>, Problem> {
    Ok(Json(versions::file(&app.surveys.surveys, &session.tenant, &version).await?))
}
