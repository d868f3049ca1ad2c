//! The way to our own front door: for Meta's webhooks, on bad days, and for
//! those who call our API. Whichever process runs answers, or nobody does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use futures_util::future::{BoxFuture, join_all};
use http::{Method, Request, Response, StatusCode, header};
use parking_lot::Mutex;
use serde_json::Value;
use sim_kit::{Outlet, OutletLost, RouterOutlet, Seed};

use super::kind::{Kind, Tally};

pub struct Front {
    open: Mutex<Option<Router>>,
    /// Share of the deliveries that each kind meets.
    weather: Mutex<BTreeMap<Kind, f64>>,
    seed: Mutex<Seed>,
    tally: Tally,
}

/// What happens to one delivery.
#[derive(Default)]
struct Luck {
    late_ms: u64,
    before: bool,
    after: bool,
    again_ms: Option<u64>,
    at_once: usize,
}

impl Front {
    pub fn new(seed: &Seed, tally: Tally) -> Arc<Self> {
        let seed = Mutex::new(seed.fork("front"));
        Arc::new(Self { open: Mutex::default(), weather: Mutex::default(), seed, tally })
    }

    pub fn open(&self, router: Router) {
        self.open.lock().replace(router);
    }

    pub fn shut(&self) {
        self.open.lock().take();
    }

    pub fn blow(&self, kind: Kind, share: f64) {
        self.weather.lock().insert(kind, share);
    }

    pub fn calm(&self) {
        self.weather.lock().clear();
    }

    fn luck(&self) -> Luck {
        let weather = self.weather.lock();
        let mut seed = self.seed.lock();
        let mut meets = |kind: Kind| {
            let hit = weather.get(&kind).is_some_and(|share| seed.chance(*share));
            if hit {
                self.tally.count(kind);
            }
            hit.then(|| seed.below(4_000))
        };
        Luck {
            late_ms: meets(Kind::WebhookLate).unwrap_or(0),
            before: meets(Kind::WebhookCutBefore).is_some(),
            after: meets(Kind::WebhookCutAfter).is_some(),
            again_ms: meets(Kind::WebhookTwice),
            at_once: meets(Kind::WebhookConcurrent).map_or(1, |drawn| 2 + drawn as usize % 2),
        }
    }

    async fn deliver(&self, request: Request<Bytes>) -> Result<Response<Bytes>, OutletLost> {
        let router = self.open.lock().clone();
        match router {
            Some(router) => RouterOutlet(router).call(request).await,
            None => Err(OutletLost),
        }
    }

    /// One request to our API; none when no answer came.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        api_key: &str,
        idempotency_key: Option<&str>,
        body: &Value,
    ) -> Option<(StatusCode, Value)> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {api_key}"))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = idempotency_key {
            request = request.header("Idempotency-Key", key);
        }
        let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let answer = self.deliver(request.body(body).ok()?).await.ok()?;
        let told = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
        Some((answer.status(), told))
    }
}

impl Outlet for Front {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, OutletLost>> {
        let luck = self.luck();
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(luck.late_ms)).await;
            if luck.before {
                return Err(OutletLost);
            }
            let copies = (0..luck.at_once).map(|_| self.deliver(request.clone()));
            let first = join_all(copies).await.into_iter().next().unwrap_or(Err(OutletLost));
            if let Some(ms) = luck.again_ms {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                // whatever is answered now, Meta asks for the first answer
                let _ = self.deliver(request).await;
            }
            if luck.after { Err(OutletLost) } else { first }
        })
    }
}
