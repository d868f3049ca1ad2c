//! `GET /api/v1/keys`

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::paging::Paged;
use crate::auth::{ManageKey, Scope};
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

/// A key, without its secret.
#[derive(Serialize, ToSchema)]
pub struct Key {
    #[schema(example = "key_019357a0c4d87c3eb3f4a1d2c5e60718")]
    id: String,
    label: String,
    scopes: BTreeSet<Scope>,
    /// RFC 3339, UTC.
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<String>,
}

/// The tenant's keys, the revoked ones too.
#[utoipa::path(
    get, path = "/api/v1/keys", tag = "keys",
    responses(
        (status = 200, description = "All of them", body = Paged<Key>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
    )
)]
pub async fn keys(
    State(app): State<App>,
    ManageKey(session): ManageKey,
) -> Result<Json<Paged<Key>>, Problem> {
    let rows = app.store.api_keys(&session.tenant).await?;
    let items = rows.into_iter().map(|row| Key {
        id: row.id.to_string(),
        label: row.label,
        scopes: Scope::of_words(&row.scopes),
        created_at: clock::text(row.created_at),
        expires_at: row.expires_at.map(clock::text),
        revoked_at: row.revoked_at.map(clock::text),
    });
    Ok(Json(Paged { items: items.collect(), next: None }))
}
