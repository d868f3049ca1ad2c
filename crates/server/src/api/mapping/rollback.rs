//! `POST /api/v1/mapping/rollback`

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{InUse, problem};
use crate::api::input::{Object, nothing_else};
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

#[derive(ToSchema)]
#[schema(as = RollBackMapping)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// 0 is the program's own; the one before the version in use when left out.
    version: Option<i64>,
}

/// Put an earlier version to use.
#[utoipa::path(
    post, path = "/api/v1/mapping/rollback", tag = "mapping", request_body = Wish,
    responses(
        (status = 200, description = "It is in use", body = InUse),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 404, description = "There is no such version", body = Problem),
        (status = 422, description = "The org would refuse it by now", body = Problem),
    )
)]
pub async fn roll_back_mapping(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<Json<InUse>, Problem> {
    let to = version(&mut body)?;
    nothing_else(&body)?;
    let by = session.key.to_string();
    let version = app.mapping.roll_back(&session.tenant, to, &by).await.map_err(problem)?;
    Ok(Json(InUse { version }))
}

fn version(map: &mut Map<String, Value>) -> Result<Option<i64>, Problem> {
    match map.remove("version") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_i64().filter(|v| *v >= 0).map(Some).ok_or_else(|| {
            let cure = "Send a number that GET /api/v1/mapping lists, or 0.";
            Problem::field("version", "It is no version.", cure)
        }),
    }
}
