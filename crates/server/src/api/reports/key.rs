//! `GET /api/v1/reports/reconcile/key`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::ReadKey;
use crate::problem::Problem;
use crate::state::App;

/// What a reader must know to check a report.
#[derive(Serialize, ToSchema)]
pub struct PublicKey {
    #[schema(example = "Ed25519")]
    algorithm: &'static str,
    /// 64 hexadecimal digits.
    public_key: String,
}

/// The key that this installation signs its reports with.
#[utoipa::path(
    get, path = "/api/v1/reports/reconcile/key", tag = "reports",
    responses(
        (status = 200, description = "The public key", body = PublicKey),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn report_key(
    State(app): State<App>,
    ReadKey(_session): ReadKey,
) -> Result<Json<PublicKey>, Problem> {
    let public_key = engine::reconcile::signer(&app.store).public_key();
    Ok(Json(PublicKey { algorithm: "Ed25519", public_key }))
}
