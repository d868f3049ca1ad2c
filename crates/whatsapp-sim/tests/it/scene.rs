//! One simulator, one receiver of its webhooks, paused time.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Method, Request, Response};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sim_kit::{Cut, Outlet, OutletLost, RouterOutlet, Seed, SimClock};
use whatsapp_sim::{Config, Customer, Handle, NewCustomer, WhatsappSim};

/// 2026-11-22T12:00:00Z
pub const START_MS: i64 = 1_795_348_800_000;
pub const URL: &str = "https://puente.test/messages";

/// One webhook as it arrived.
#[derive(Clone, Debug)]
pub struct Got {
    pub at_ms: i64,
    pub url: String,
    pub method: Method,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }
}

/// What the receiver answers; 200 when the list is empty.
#[derive(Clone, Copy, Debug)]
pub enum Says {
    Status(u16),
    Nothing,
}

/// The receiver: keeps all, answers handshakes, and fails as told.
pub struct Inbox {
    clock: SimClock,
    pub got: Mutex<Vec<Got>>,
    pub says: Mutex<VecDeque<Says>>,
    /// URLs that refuse the handshake.
    pub rude: Mutex<Vec<String>>,
}

impl Outlet for Inbox {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, OutletLost>> {
        let (parts, bytes) = request.into_parts();
        let url = parts.uri.to_string();
        let plain = url.split('?').next().unwrap().to_owned();
        self.got.lock().push(Got {
            at_ms: self.clock.now_ms(),
            url: url.clone(),
            method: parts.method.clone(),
            headers: parts.headers,
            bytes,
        });
        let answer = if parts.method == Method::GET {
            let rude = self.rude.lock().contains(&plain);
            let challenge = url.split("hub.challenge=").nth(1).unwrap().split('&').next().unwrap();
            let body = Bytes::from(challenge.to_owned());
            let status = if rude { 403 } else { 200 };
            Ok(Response::builder().status(status).body(body).unwrap())
        } else {
            match self.says.lock().pop_front() {
                Some(Says::Nothing) => Err(OutletLost),
                Some(Says::Status(status)) => {
                    Ok(Response::builder().status(status).body(Bytes::new()).unwrap())
                }
                None => Ok(Response::new(Bytes::new())),
            }
        };
        Box::pin(async move { answer })
    }
}

pub struct Scene {
    pub sim: Handle,
    pub inbox: Arc<Inbox>,
    pub clock: SimClock,
    graph: RouterOutlet,
}

impl Scene {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let clock = SimClock::starting_at(START_MS);
        let inbox = Arc::new(Inbox {
            clock: clock.clone(),
            got: Mutex::default(),
            says: Mutex::default(),
            rude: Mutex::default(),
        });
        let mut config = Config::one_number("https://graph.test", Some(URL));
        change(&mut config);
        let sim = WhatsappSim::new(config, clock.clone(), &Seed::new(7), inbox.clone());
        Self { sim: sim.handle(), inbox, clock, graph: RouterOutlet(sim.router()) }
    }

    pub fn ana(&self) -> Customer {
        self.sim.customer(NewCustomer::named("Ana", "+15550001111")).unwrap()
    }

    /// One call; none when the connection was cut.
    pub async fn try_call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Option<(u16, Value)> {
        let mut request =
            Request::builder().method(method).uri(format!("https://graph.test{path}"));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let bytes = body.map_or(Bytes::new(), |b| Bytes::from(b.to_string()));
        let answer = self.graph.call(request.body(bytes).unwrap()).await;
        let answer = answer.ok().filter(|a| Cut::of(a).is_none())?;
        let text = answer.body();
        let body = serde_json::from_slice(text)
            .unwrap_or_else(|_| json!(String::from_utf8_lossy(text).into_owned()));
        Some((answer.status().as_u16(), body))
    }

    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        self.try_call(method, path, Some(Config::TOKEN), body).await.expect("an answer")
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(Method::POST, path, Some(body)).await
    }

    pub async fn raw(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.graph.call(request).await.expect("an answer")
    }

    /// Sends a message of any type; answers status and body.
    pub async fn send(&self, mut body: Value) -> (u16, Value) {
        body["messaging_product"] = json!("whatsapp");
        self.post(&format!("/v25.0/{}/messages", Config::NUMBER), body).await
    }

    pub async fn text(&self, to: &str, text: &str) -> (u16, Value) {
        self.send(json!({ "to": to, "type": "text", "text": { "body": text } })).await
    }

    /// The webhooks of field `messages` so far, as bodies.
    pub fn bodies(&self) -> Vec<Value> {
        let got = self.inbox.got.lock();
        got.iter().filter(|g| g.method == Method::POST).map(Got::json).collect()
    }

    /// Every item of a list in every change, in the order of arrival.
    pub fn items(&self, list: &str) -> Vec<Value> {
        let mut items = Vec::new();
        for body in self.bodies() {
            for entry in body["entry"].as_array().unwrap() {
                for change in entry["changes"].as_array().unwrap() {
                    items.extend(change["value"][list].as_array().into_iter().flatten().cloned());
                }
            }
        }
        items
    }
}

pub fn wamid(answer: &(u16, Value)) -> String {
    assert_eq!(answer.0, 200, "{}", answer.1);
    answer.1["messages"][0]["id"].as_str().unwrap().to_owned()
}

pub fn code(answer: &(u16, Value)) -> (u16, u64) {
    (answer.0, answer.1["error"]["code"].as_u64().unwrap_or(0))
}
