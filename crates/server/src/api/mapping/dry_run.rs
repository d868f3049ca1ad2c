//! `POST /api/v1/mapping/dry-run`

use axum::Json;
use axum::extract::State;
use engine::mapping::LAST_MAX;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::problem;
use crate::api::checked::take_file;
use crate::api::input::{Object, nothing_else};
use crate::auth::ManageKey;
use crate::problem::Problem;
use crate::state::App;

const LAST: u32 = 1_000;

#[derive(ToSchema)]
#[schema(as = TryMapping)]
#[allow(dead_code, reason = "documents the body; it is read field by field")]
pub struct Wish {
    /// The whole file, TOML.
    text: String,
    /// So many of the customers' newest messages: 1 to 5,000; 1,000 when left out.
    last: Option<u32>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MappingDryRun)]
pub struct Run {
    /// So many were looked at.
    messages: u64,
    fields: Vec<Field>,
    /// Values that do not fit: the default stands in, or nothing is written.
    misfits: Vec<Misfit>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MappingDryRunField)]
pub struct Field {
    #[schema(example = "Lead.Phone")]
    field: String,
    /// For so many of them another value would be written.
    messages: u64,
    examples: Vec<Example>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MappingDryRunExample)]
pub struct Example {
    message_id: String,
    /// Absent: nothing is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MappingMisfit)]
pub struct Misfit {
    field: String,
    why: String,
    messages: u64,
}

/// Try a mapping on messages that came, beside the one in use.
///
/// Each message is taken as the one that a Lead and a Case are made for. Nothing
/// is written, here or in Salesforce.
#[utoipa::path(
    post, path = "/api/v1/mapping/dry-run", tag = "mapping", request_body = Wish,
    responses(
        (status = 200, description = "What would differ", body = Run),
        (status = 400, description = "Not JSON", body = Problem),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `admin`", body = Problem),
        (status = 422, description = "The mapping is broken: field and cure", body = Problem),
    )
)]
pub async fn try_mapping(
    State(app): State<App>,
    ManageKey(session): ManageKey,
    Object(mut body): Object,
) -> Result<Json<Run>, Problem> {
    let (text, last) = (take_file(&mut body)?, last(&mut body)?);
    nothing_else(&body)?;
    let run = app.mapping.dry_run(&session.tenant, &text, last).await.map_err(problem)?;
    let fields = run.differs.into_iter().map(|(field, differs)| Field {
        field,
        messages: differs.messages,
        examples: differs
            .examples
            .into_iter()
            .map(|example| Example {
                message_id: example.message.to_string(),
                before: example.before,
                after: example.after,
            })
            .collect(),
    });
    let misfits =
        run.missed.into_iter().map(|((field, why), messages)| Misfit { field, why, messages });
    Ok(Json(Run { messages: run.messages, fields: fields.collect(), misfits: misfits.collect() }))
}

fn last(map: &mut Map<String, Value>) -> Result<u32, Problem> {
    match map.remove("last") {
        None | Some(Value::Null) => Ok(LAST),
        Some(value) => {
            let number = value.as_u64().and_then(|n| u32::try_from(n).ok());
            number.filter(|n| (1..=LAST_MAX).contains(n)).ok_or_else(|| {
                let cure = format!("Send a number from 1 to {LAST_MAX}, or leave the field out.");
                Problem::field("last", "It is no such number.", cure)
            })
        }
    }
}
