//! Counters and gauges for Prometheus. Labels hold names from our own
//! configuration and routes, never anything personal.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use model::ids::AppId;
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::auth;
use crate::problem::{self, Problem};
use crate::state::App;

mod breakers;
mod calls;
mod depths;

/// Seconds; the upper ones tell a stall from a slow disk.
const BUCKETS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Webhook {
    app: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

/// The registry and what this crate counts. Cheap to clone; one per process.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    webhooks: Family<Webhook, Counter>,
    webhook_bytes: Counter,
    webhook_seconds: Histogram,
    answers: Family<Answered, Counter>,
    answer_seconds: Histogram,
    streams: Gauge,
    keys_refused: Counter,
    depths: depths::Gauges,
    breakers: breakers::Gauges,
    calls: calls::Calls,
}

impl Metrics {
    /// `registry` may already hold what other parts count.
    pub fn new(mut registry: Registry) -> Self {
        let webhooks = Family::default();
        let webhook_bytes: Counter<u64, AtomicU64> = Counter::default();
        let webhook_seconds = Histogram::new(BUCKETS);
        let answers = Family::default();
        let answer_seconds = Histogram::new(BUCKETS);
        let (streams, keys_refused) = (Gauge::default(), Counter::default());
        let ours = registry.sub_registry_with_prefix("puente");
        ours.register("webhooks", "Webhooks by outcome", webhooks.clone());
        ours.register("webhook_bytes", "Bytes of stored webhooks", webhook_bytes.clone());
        ours.register("webhook_seconds", "Head to answer", webhook_seconds.clone());
        ours.register("http_answers", "Answers by route", answers.clone());
        ours.register("http_seconds", "Head to answer, all routes", answer_seconds.clone());
        ours.register("streams_open", "Open status streams", streams.clone());
        ours.register("keys_refused", "Requests without a valid key", keys_refused.clone());
        let depths = depths::Gauges::register(ours);
        let breakers = breakers::Gauges::register(ours);
        let calls = calls::Calls::register(ours);
        Self(Arc::new(Inner {
            registry,
            webhooks,
            webhook_bytes,
            webhook_seconds,
            answers,
            answer_seconds,
            streams,
            keys_refused,
            depths,
            breakers,
            calls,
        }))
    }

    pub(crate) fn webhook(
        &self,
        app: Option<&AppId>,
        outcome: &'static str,
        bytes: usize,
        ms: i64,
    ) {
        // A name that a stranger made up is no label.
        let app = app.map_or("unknown", AppId::as_str).to_owned();
        self.0.webhooks.get_or_create(&Webhook { app, outcome }).inc();
        self.0.webhook_bytes.inc_by(bytes as u64);
        self.0.webhook_seconds.observe(ms as f64 / 1e3);
    }

    pub(crate) fn answered(&self, method: &str, route: &str, status: StatusCode, ms: i64) {
        let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"].contains(&method);
        let label = Answered {
            method: if known { method } else { "other" }.to_owned(),
            route: route.to_owned(),
            status: status.as_u16(),
        };
        self.0.answers.get_or_create(&label).inc();
        self.0.answer_seconds.observe(ms as f64 / 1e3);
    }

    pub(crate) fn key_refused(&self) {
        self.0.keys_refused.inc();
    }

    /// Counts one open stream until it is dropped.
    pub(crate) fn stream_opened(&self) -> OpenStream {
        self.0.streams.inc();
        OpenStream(self.clone())
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new(Registry::default())
    }
}

pub(crate) struct OpenStream(Metrics);

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.0.streams.dec();
    }
}

/// Counters and depths in the OpenMetrics text format.
#[utoipa::path(
    get, path = "/metrics", tag = "operations", security(()),
    responses(
        (status = 200, description = "OpenMetrics text", body = String,
            content_type = "application/openmetrics-text"),
        (status = 401, description = "A token is configured and was not sent", body = Problem),
    )
)]
pub async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = &app.options.metrics_token {
        let sent = auth::bearer(&headers).unwrap_or_default();
        if !auth::same_secret(token, sent) {
            return Err(Problem::new(
                &problem::KEY_MISSING,
                "The metrics need their bearer token.",
            ));
        }
    }
    // The rest is worth showing while the store is down.
    if let Ok(depths) = app.store.depths(None).await {
        app.metrics.0.depths.set(&depths, &app.board.trends, app.ambient.now());
    }
    app.metrics.0.breakers.set(&app.breakers.standing(None));
    for tenant in app.directory.tenants() {
        if let Ok(known) = app.store.api_budget(&tenant).await {
            app.metrics.0.calls.set(&tenant, &known, app.ambient.now());
        }
    }
    let mut text = String::new();
    encode(&mut text, &app.metrics.0.registry)
        .map_err(|_| Problem::new(&problem::INTERNAL, "The metrics could not be written."))?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
