//! `GET /api/v1/mapping/paths`

use axum::Json;
use rules::mapping::PATHS;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::ReadKey;
use crate::problem::Problem;

#[derive(Serialize, ToSchema)]
#[schema(as = MappingPath)]
pub struct Path {
    #[schema(example = "person.phone")]
    path: &'static str,
    /// `text`, `number`, `datetime`, or `any`: Meta's own JSON.
    kind: &'static str,
    /// It is never absent.
    always: bool,
    about: &'static str,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MappingPaths)]
pub struct Paths {
    items: Vec<Path>,
}

/// What a mapping may take values from.
#[utoipa::path(
    get, path = "/api/v1/mapping/paths", tag = "mapping",
    responses(
        (status = 200, description = "All paths", body = Paths),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn mapping_paths(ReadKey(_session): ReadKey) -> Json<Paths> {
    let items =
        PATHS.iter().map(|p| Path { path: p.path, kind: p.kind, always: p.always, about: p.about });
    Json(Paths { items: items.collect() })
}
