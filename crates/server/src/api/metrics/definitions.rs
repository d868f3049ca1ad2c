//! `GET /api/v1/metrics/definitions`

use std::collections::BTreeMap;

use axum::Json;
use rules::metrics::Metric;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::paging::Paged;
use crate::auth::ReadKey;
use crate::problem::Problem;

#[derive(Serialize, ToSchema)]
#[schema(as = MetricDefinition)]
pub struct Definition {
    #[schema(example = "first_response")]
    name: &'static str,
    /// `count`; `duration`: a mean, told in seconds; `percent`; `money`.
    unit: &'static str,
    /// What it means, by language: `en`, `es`, `pt`.
    definition: BTreeMap<&'static str, &'static str>,
}

/// What each figure means, in words.
#[utoipa::path(
    get, path = "/api/v1/metrics/definitions", tag = "metrics",
    responses(
        (status = 200, description = "All of them", body = Paged<Definition>),
        (status = 401, description = "No valid key", body = Problem),
        (status = 403, description = "The key lacks the scope `read`", body = Problem),
    )
)]
pub async fn metric_definitions(ReadKey(_session): ReadKey) -> Json<Paged<Definition>> {
    let items = Metric::ALL.iter().map(|metric| Definition {
        name: metric.as_str(),
        unit: metric.unit().as_str(),
        definition: metric.definition().into_iter().collect(),
    });
    Json(Paged { items: items.collect(), next: None })
}
