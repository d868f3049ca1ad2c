//! Reports that compare what puente holds with what Salesforce shows.

pub mod ask;
pub mod key;
pub mod list;
pub mod one;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::clock;

/// A report that was asked for.
#[derive(Serialize, ToSchema)]
pub struct Report {
    #[schema(example = "rep_019357a0c4d87c3eb3f4a1d2c5e60718")]
    id: String,
    /// `wanted`: it is being made, or will be. `done`. `failed`: it could not
    /// be made; `summary` says why.
    state: &'static str,
    /// RFC 3339, UTC.
    asked_at: String,
    /// A key, or `daily`.
    asked_by: String,
    /// Only what puente learned of since then; everything when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// Rows that are missing or lowered in Salesforce are written again.
    repair: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "received 48,210, sent 31,004, in Salesforce 79,214, waiting 0, set aside 3"
    )]
    summary: Option<String>,
    /// The signed document, once it is made: `report` and `signature`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    signed: Option<Value>,
}

impl Report {
    fn new(asked: store::AskedReport, signed: Option<Value>) -> Self {
        Self {
            id: asked.id.to_string(),
            state: asked.state.as_str(),
            asked_at: clock::text(asked.asked_at),
            asked_by: asked.asked_by,
            since: asked.since.map(clock::text),
            repair: asked.repair,
            ended_at: asked.ended_at.map(clock::text),
            summary: asked.summary,
            signed,
        }
    }
}
