//! A signed-in caller of a fresh org.

use bytes::Bytes;
use http::{Request, Response};
use salesforce_sim::{Config, Handle, SalesforceSim};
use serde_json::{Value, json};
use sim_kit::{Outlet, OutletLost, RouterOutlet, Seed, SimClock};

/// 2026-01-01T00:00:00Z
pub const START_MS: i64 = 1_767_225_600_000;
pub const BASE: &str = "/services/data/v66.0";

pub struct Client {
    pub sim: Handle,
    pub outlet: RouterOutlet,
    pub token: String,
    pub host: String,
    /// Sent with each call.
    pub headers: Vec<(&'static str, String)>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Value,
}

impl Client {
    pub async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        let mut client = Self::stranger(config);
        let answer = client.sign_in().await;
        client.token = answer.body["access_token"].as_str().unwrap().to_owned();
        client
    }

    /// Not signed in.
    pub fn stranger(config: Config) -> Self {
        let clock = SimClock::starting_at(START_MS);
        let sim = SalesforceSim::new(config, clock, &Seed::new(7)).unwrap();
        let (outlet, sim) = (RouterOutlet(sim.router()), sim.handle());
        let host = "https://acme.my.salesforce.com".to_owned();
        Self { sim, outlet, token: String::new(), host, headers: Vec::new() }
    }

    pub async fn sign_in(&self) -> Answer {
        self.form("/services/oauth2/token", "grant_type=client_credentials&client_id=sim-consumer-key&client_secret=sim-consumer-secret").await
    }

    pub async fn form(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(format!("{}{path}", self.host))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(form.to_owned()));
        answer(self.outlet.call(request.unwrap()).await.unwrap())
    }

    /// A call that may be lost. The path stands after `/services/data/v66.0`,
    /// or is absolute.
    pub async fn try_call(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<Answer, OutletLost> {
        let absolute = path.starts_with("/services") || path.starts_with("/_sim");
        let path = if absolute { path.to_owned() } else { format!("{BASE}{path}") };
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.host));
        request = request.header("authorization", format!("Bearer {}", self.token));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let bytes = body.map_or_else(Bytes::new, |b| Bytes::from(b.to_string()));
        Ok(answer(self.outlet.call(request.body(bytes).unwrap()).await?))
    }

    /// A body that is no JSON.
    pub async fn put(&self, path: &str, content_type: &str, body: &str) -> Answer {
        let request = Request::put(format!("{}{BASE}{path}", self.host))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", content_type)
            .body(Bytes::from(body.to_owned()));
        answer(self.outlet.call(request.unwrap()).await.unwrap())
    }

    pub async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        self.try_call(method, path, Some(body)).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.try_call("GET", path, None).await.unwrap()
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.try_call("DELETE", path, None).await.unwrap()
    }

    pub async fn query(&self, soql: &str) -> Answer {
        self.get(&format!("/query?q={}", encode(soql))).await
    }

    /// A collection upsert by `Key__c`.
    pub async fn upsert(&self, object: &str, records: Vec<Value>) -> Answer {
        let typed: Vec<_> = records
            .into_iter()
            .map(|mut r| {
                r["attributes"] = json!({ "type": object });
                r
            })
            .collect();
        let path = format!("/composite/sobjects/{object}/Key__c");
        self.call("PATCH", &path, json!({ "allOrNone": false, "records": typed })).await
    }
}

impl Answer {
    /// The code of a failed call.
    pub fn code(&self) -> (u16, &str) {
        (self.status, self.body[0]["errorCode"].as_str().unwrap_or_default())
    }

    pub fn message(&self) -> &str {
        self.body[0]["message"].as_str().unwrap_or_default()
    }

    /// The code of a failed item of a collection.
    pub fn item(&self, at: usize) -> &str {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body[at]["errors"][0]["statusCode"].as_str().unwrap_or_default()
    }

    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("{}", self.body)).to_owned()
    }
}

fn answer(response: Response<Bytes>) -> Answer {
    let (parts, body) = response.into_parts();
    let body = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&body).unwrap_or_else(|_| json!(String::from_utf8_lossy(&body)))
    };
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

pub fn encode(text: &str) -> String {
    text.bytes()
        .map(
            |b| {
                if b.is_ascii_alphanumeric() {
                    (b as char).to_string()
                } else {
                    format!("%{b:02X}")
                }
            },
        )
        .collect()
}
