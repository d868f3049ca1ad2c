//! `GET /api/v1/metrics/{name}/records`

use axum::Json;
use axum::extract::{Path, State};
use engine::metrics::{Mark, Record};
use rules::metrics::{Metric, Unit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{days, named};
use crate::api::input::Params;
use crate::api::paging::{self, Paged};
use crate::auth::ReadKey;
use crate::clock;
use crate::problem::Problem;
use crate::state::App;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// First day, `2026-11-01`; thirty days when left out.
    from: Option<String>,
    /// Last day; the present one when left out.
    to: Option<String>,
    /// At most this many: 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MetricRecord)]
pub struct Listed {
    /// `msg_...`, `con_...`, or the id of a record in Salesforce; of an answer, the case.
    id: String,
    /// RFC 3339, UTC: the time by which its day is told.
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_id: Option<String>,
    /// Meta's id of the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// The Salesforce user for whom it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// What it adds to a duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<f64>,
    /// What it adds to a share: 100, 0, or -100.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<i64>,
    /// What it adds to a sum of money.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<f64>,
    /// To what a sale is owed: `ad:ID`, `post:ID`, `campaign:ID`, `button:ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

/// The records behind a figure, in order of time, as they stand now.
#[utoipa::path(
    get, path = "/api/v1/metrics/{name}/records", tag = "metrics",
    params(("name" = String, Path, description = "As the definitions name it"), Query),
    responses(
        (status = 200, description = "A page of them", body = Paged<Listed>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 404, description = "There is no such metric", body = Problem),
        (status = 422, description = "No day, or too many, or no cursor", body = Problem),
    )
)]
pub async fn metric_records(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Path(name): Path<String>,
    Params(query): Params<Query>,
) -> Result<Json<Paged<Listed>>, Problem> {
    let metric = named(&name)?;
    let tenant = &session.tenant;
    let span = days(query.from.as_deref(), query.to.as_deref(), app.figures.today(tenant))?;
    let after = match &query.cursor {
        None => None,
        Some(text) => {
            let mark = Mark::parse(text).filter(|mark| mark.is_of(metric.source()));
            Some(mark.ok_or_else(paging::bad_cursor)?)
        }
    };
    let limit = paging::limit(query.limit)? as usize;
    let (records, next) = app.figures.records(tenant, metric, span, after, limit).await?;
    let items = records.into_iter().map(|record| listed(metric, record)).collect();
    Ok(Json(Paged { items, next: next.map(|mark| mark.to_string()) }))
}

fn listed(metric: Metric, record: Record) -> Listed {
    Listed {
        id: record.id,
        at: clock::text(record.at),
        conversation_id: record.conversation.map(|id| id.to_string()),
        number: record.key.number,
        agent: record.key.agent,
        template: record.key.template,
        code: record.key.code.filter(|_| metric == Metric::Failed),
        seconds: (metric.unit() == Unit::Duration).then(|| record.value as f64 / 1_000.0),
        percent: (metric.unit() == Unit::Percent).then_some(record.value),
        amount: (metric.unit() == Unit::Money).then(|| record.value as f64 / 100.0),
        source: record.key.source,
    }
}
