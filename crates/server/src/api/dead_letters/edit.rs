//! `PUT /api/v1/dead-letters/{id}`

use axum::Json;
use axum::extract::{Path, State};
use engine::letters::Correction;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Decision;
use crate::api::ids;
use crate::api::input::{Object, kind, nothing_else};
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

/// One of both.
#[derive(ToSchema)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Corrected {
    /// Of a send: Meta's message object, to the same recipient.
    #[schema(value_type = Option<Object>)]
    message: Option<Value>,
    /// Of a webhook or an item: the webhook body; an item's holds one part.
    #[schema(value_type = Option<Object>)]
    body: Option<Value>,
}

/// Correct what a replay will bring back; held to the rules for a new one.
#[utoipa::path(
    put, path = "/api/v1/dead-letters/{id}", tag = "letters",
    params(("id" = String, Path, description = "As the list shows it")),
    request_body = Corrected,
    responses(
        (status = 200, description = "Corrected, or settled already", body = Decision),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 404, description = "No such letter of this tenant", body = Problem),
        (status = 422, description = "Not what the letter can hold", body = Problem),
    )
)]
pub async fn edit_letter(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Path(id): Path<String>,
    Object(body): Object,
) -> Result<Json<Decision>, Problem> {
    let id = ids::letter("id", &id)?;
    let correction = correction(body)?;
    let outcome = super::letters(&app).edit(&super::asking(session), id, correction).await?;
    Ok(Json(Decision::new(id, outcome)))
}

fn correction(mut body: Map<String, Value>) -> Result<Correction, Problem> {
    let (message, whole) = (body.remove("message"), body.remove("body"));
    nothing_else(&body)?;
    let field = if message.is_some() { "message" } else { "body" };
    match (message, whole) {
        (Some(Value::Object(message)), None) => Ok(Correction::Message(message)),
        (None, Some(whole @ Value::Object(_))) => Ok(Correction::Body(whole)),
        (Some(other), None) | (None, Some(other)) => {
            let why = format!("It is {}.", kind(&other));
            Err(Problem::field(field, why, "Send a JSON object."))
        }
        _ => {
            let cure = "Send `message` for a send, or `body` for a webhook or an item.";
            Err(Problem::field(field, "Exactly one of both is needed.", cure))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn exactly_one_correction_is_taken() {
        let read = |value: Value| match value {
            Value::Object(map) => correction(map).map_err(|p| serde_json::to_value(p).unwrap()),
            other => panic!("{other}"),
        };
        assert!(matches!(read(json!({ "message": {} })), Ok(Correction::Message(_))));
        assert!(matches!(read(json!({ "body": {} })), Ok(Correction::Body(_))));
        for (bad, field) in [
            (json!({}), "body"),
            (json!({ "message": {}, "body": {} }), "message"),
            (json!({ "message": "hola" }), "message"),
            (json!({ "body": [] }), "body"),
            (json!({ "body": {}, "to": "+1" }), "to"),
        ] {
            assert_eq!(read(bad.clone()).unwrap_err()["field"], field, "{bad}");
        }
    }
}
