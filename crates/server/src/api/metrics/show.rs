//! `GET /api/v1/metrics`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use rules::metrics::{By, Cell, Day, Metric, Unit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::days;
use crate::api::input::Params;
use crate::auth::ReadKey;
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
    /// `day`, `number`, `agent` (Salesforce user), `template`, `code` (why
    /// messages failed) or `source` (to what sales are owed). The whole when left out.
    by: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Metrics {
    #[schema(example = "2026-11-01")]
    from: String,
    to: String,
    /// Whose days these are.
    #[schema(example = "America/Bogota")]
    time_zone: String,
    figures: Vec<Figure>,
    /// Days that are not counted yet, and are in no figure.
    missing: Vec<String>,
    /// From this day on figures may still change; absent when none may.
    #[serde(skip_serializing_if = "Option::is_none")]
    changing_from: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = MetricFigure)]
pub struct Figure {
    #[schema(example = "first_response")]
    metric: &'static str,
    /// What it is told by: a day, a number, a user, a template, a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// How many records it is made of.
    count: i64,
    /// Of a duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_seconds: Option<f64>,
    /// Of a share, -100 to 100, to a tenth.
    #[serde(skip_serializing_if = "Option::is_none")]
    percent: Option<f64>,
    /// Of a sum of money, in the org's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<f64>,
}

/// What the days came to. Each figure is the sum over records that
/// `GET /api/v1/metrics/{name}/records` lists.
#[utoipa::path(
    get, path = "/api/v1/metrics", tag = "metrics", params(Query),
    responses(
        (status = 200, description = "The figures of these days", body = Metrics),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
        (status = 422, description = "No day, or too many", body = Problem),
    )
)]
pub async fn figures(
    State(app): State<App>,
    ReadKey(session): ReadKey,
    Params(query): Params<Query>,
) -> Result<Json<Metrics>, Problem> {
    let tenant = &session.tenant;
    let today = app.figures.today(tenant);
    let (from, to) = days(query.from.as_deref(), query.to.as_deref(), today)?;
    let by_day = query.by.as_deref() == Some("day");
    let by = match query.by.as_deref() {
        None | Some("day") => By::All,
        Some(word) => By::parse(word).filter(|by| *by != By::All).ok_or_else(|| {
            let cure = "Write day, number, agent, template, code or source, or leave it out.";
            Problem::field("by", format!("Nothing is told by '{word}'."), cure)
        })?,
    };
    let mut sums: BTreeMap<(Metric, String), Cell> = BTreeMap::new();
    for (day, row) in app.store.metric_cells(tenant, from.0, to.0, Some(by.as_str())).await? {
        let Some(metric) = Metric::parse(&row.metric) else { continue };
        let key = if by_day { Day(day).to_string() } else { row.key };
        let cell = sums.entry((metric, key)).or_default();
        cell.count += row.count;
        cell.sum += row.sum;
    }
    let told = by_day || by != By::All;
    let figures = sums.into_iter().map(|((metric, key), cell)| Figure {
        metric: metric.as_str(),
        key: told.then_some(key),
        count: cell.count,
        mean_seconds: mean(metric, cell),
        percent: percent(metric, cell),
        amount: (metric.unit() == Unit::Money).then(|| cell.sum as f64 / 100.0),
    });
    let known = app.store.metric_days(tenant, from.0, to.0).await?;
    let counted = |day: i32| known.iter().any(|known| known.day == day && known.at.is_some());
    let missing = (from.0..=to.0).filter(|day| *day <= today.0 && !counted(*day));
    let changing = known.iter().find(|known| known.at.is_some() && !known.settled);
    Ok(Json(Metrics {
        from: from.to_string(),
        to: to.to_string(),
        time_zone: app.figures.zone(tenant).name().to_owned(),
        figures: figures.collect(),
        missing: missing.map(|day| Day(day).to_string()).collect(),
        changing_from: changing.map(|known| Day(known.day).to_string()),
    }))
}

fn percent(metric: Metric, cell: Cell) -> Option<f64> {
    (metric.unit() == Unit::Percent && cell.count > 0)
        .then(|| (cell.sum as f64 * 10.0 / cell.count as f64).round() / 10.0)
}

/// To the millisecond.
fn mean(metric: Metric, cell: Cell) -> Option<f64> {
    (metric.unit() == Unit::Duration && cell.count > 0).then(|| {
        let ms = cell.sum as f64 / cell.count as f64;
        ms.round() / 1_000.0
    })
}
