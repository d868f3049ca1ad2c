//! `GET /api/v1/mapping` and `GET /api/v1/mapping/versions/{version}`

use axum::Json;
use axum::extract::{Path, State};

use crate::api::versions::{self, File, Shown};
use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

/// The mapping in use, and which versions there are.
#[utoipa::path(
    get, path = "/api/v1/mapping", tag = "mapping",
    responses(
        (status = 200, description = "The mapping in use", body = Shown),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn mapping(
    State(app): State<App>,
    ReadKey(session): ReadKey,
) -> Result<Json<Shown>, Problem> {
    Ok(Json(versions::shown(&app.mapping.mappings, &session.tenant).await?))
}

/// The file of one version; 0 is the program's own.
#[utoipa::path(
    get, path = "/api/v1/mapping/versions/{version}", tag = "mapping",
    params(("version" = i64, Path, description = "As `GET /api/v1/mapping` lists it")),
    responses(
        (status = 200, description = "The file", body = File),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 404, description = "There is no such version", body = Problem),
    )
)]
pub async fn mapping_version(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Path(version): Path<String>,
) -> Result<Json<File>, Problem> {
    Ok(Json(versions::file(&app.mapping.mappings, &session.tenant, &version).await?))
}
