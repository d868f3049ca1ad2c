//! `GET /api/v1/mapping` and `GET /api/v1/mapping/versions/{version}`

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use store::Document;
use utoipa::ToSchema;

use crate::auth::ReadKey;
use crate::clock;
use crate::problem::{self, Problem};
use crate::state::App;

/// Versions that are listed.
const SHOWN: u32 = 200;

#[derive(Serialize, ToSchema)]
pub struct Mapping {
    /// In use; 0 is the program's own.
    version: i64,
    /// Since when, RFC 3339; absent when the tenant never had one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// The key that put it to use.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// The file, TOML.
    text: String,
    /// Those that were made, newest first.
    versions: Vec<Version>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MappingVersion)]
pub struct Version {
    version: i64,
    made_at: String,
    made_by: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MappingFile)]
pub struct File {
    version: i64,
    text: String,
}

/// The mapping in use, and which versions there are.
#[utoipa::path(
    get, path = "/api/v1/mapping", tag = "mapping",
    responses(
        (status = 200, description = "The mapping in use", body = Mapping),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn mapping(
    State(app): State<App>,
    ReadKey(session): ReadKey,
) -> Result<Json<Mapping>, Problem> {
    let tenant = &session.tenant;
    let active = app.store.active_version(tenant, Document::Mapping).await?;
    let version = active.as_ref().map_or(0, |active| active.version);
    let text = app.mapping.text(tenant, version).await?.unwrap_or_default();
    let versions =
        app.store.versions(tenant, Document::Mapping, SHOWN).await?.into_iter().map(|made| {
            Version {
                version: made.version,
                made_at: clock::text(made.made_at),
                made_by: made.made_by,
            }
        });
    let (since, by) = active.map(|active| (clock::text(active.at), active.actor)).unzip();
    Ok(Json(Mapping { version, since, by, text, versions: versions.collect() }))
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
    let number: Option<i64> = version.parse().ok();
    let text = match number {
        Some(number) => app.mapping.text(&session.tenant, number).await?,
        None => None,
    };
    match (number, text) {
        (Some(version), Some(text)) => Ok(Json(File { version, text })),
        _ => Err(Problem::new(&problem::NOT_FOUND, "There is no such version of the mapping.")),
    }
}
