//! `DELETE /api/v1/keys/{id}`

use axum::extract::{Path, State};
use http::StatusCode;
use store::op::ApiKeyRevoked;
use store::{Commit, Op};

use crate::api::ids;
use crate::auth::ManageKey;
use crate::problem::{self, Problem};
use crate::state::App;

/// Revoke a key, for good and at once. Revoking it again changes nothing.
#[utoipa::path(
    delete, path = "/api/v1/keys/{id}", tag = "keys",
    params(("id" = String, Path, description = "`key_...`")),
    responses(
        (status = 204, description = "It opens nothing any more"),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 404, description = "No such key of this tenant", body = Problem),
        (status = 422, description = "Not the id of a key", body = Problem),
    )
)]
pub async fn revoke_key(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = ids::key("id", &id)?;
    let keys = app.store.api_keys(&session.tenant).await?;
    let Some(row) = keys.into_iter().find(|row| row.id == id) else {
        return Err(Problem::new(&problem::NOT_FOUND, "No key of yours has this id.").at("id"));
    };
    if row.revoked_at.is_none() {
        let at = app.ambient.now();
        let revoked = ApiKeyRevoked { tenant: session.tenant.clone(), id, at };
        let entry = super::audited(&app, &session, "key.revoked", id.to_string(), String::new());
        app.store.commit(Commit::of(vec![Op::RevokeApiKey(revoked), Op::Audit(entry)])).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
