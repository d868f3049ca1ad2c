//! What a scenario sees and does: both simulators, and puente's front door.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use model::UnixMs;
use serde_json::{Value, json};
use tower::ServiceExt;
use whatsapp_sim::{Config, Customer, Message, NewCustomer, Tick};

use crate::town::Town;

/// Longer than anything here takes; only a failure waits so long.
const PATIENCE_MS: i64 = 20_000;
const LOOK_EVERY: Duration = Duration::from_millis(20);

pub struct Eye<'a> {
    pub town: &'a Town,
}

impl<'a> Eye<'a> {
    pub fn new(town: &'a Town) -> Self {
        Self { town }
    }

    pub fn phones(&self) -> whatsapp_sim::Handle {
        self.town.sims.whatsapp.handle()
    }

    pub fn org(&self) -> salesforce_sim::Handle {
        self.town.sims.salesforce.handle()
    }

    pub fn number(&self) -> &str {
        self.town.number.as_str()
    }

    /// A new customer with a phone nobody else has.
    pub fn customer(&self, name: &str) -> Result<Customer, String> {
        let n = self.phones().read(|world| world.customers.len());
        self.phones().customer(NewCustomer::named(name, &format!("+1555010{:04}", n + 1)))
    }

    pub fn now(&self) -> UnixMs {
        self.town.ambient.now()
    }

    /// Waits until `look` sees something.
    pub async fn until<T>(
        &self,
        what: &str,
        mut look: impl FnMut() -> Option<T>,
    ) -> Result<T, String> {
        let clock = &self.town.ambient.clock;
        let end = clock.mono() + PATIENCE_MS;
        loop {
            if let Some(seen) = look() {
                return Ok(seen);
            }
            if clock.mono() > end {
                return Err(format!("waited {} s for {what}", PATIENCE_MS / 1000));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Rows of an object whose field has this value.
    pub fn rows(&self, object: &str, field: &str, value: &str) -> Vec<Value> {
        let rows = self.org().rows(object).into_iter();
        rows.filter(|row| row[field].as_str() == Some(value)).collect()
    }

    /// The message's row in Salesforce, once it is there.
    pub async fn row_of(&self, wamid: &str) -> Result<Value, String> {
        self.until("the message in Salesforce", || {
            self.rows("Puente_Message__c", "Wamid__c", wamid).pop()
        })
        .await
    }

    /// The person's row of a customer, by wa_id or user id.
    pub fn person_of(&self, customer: &Customer) -> Option<Value> {
        let bsuid = customer.bsuids.get(Config::BUSINESS).map(String::as_str).unwrap_or_default();
        let mut found = self.rows("Puente_Person__c", "Wa_Id__c", &customer.wa_id);
        found.extend(self.rows("Puente_Person__c", "Bsuid__c", bsuid));
        found.pop()
    }

    pub fn on_phone(&self, wamid: &str) -> Option<Message> {
        self.phones().read(|world| world.message(wamid).cloned())
    }

    pub async fn ticks(&self, wamid: &str, tick: Tick) -> Result<Message, String> {
        self.until(&format!("{} on the phone", tick.word()), || {
            self.on_phone(wamid).filter(|m| m.tick >= tick)
        })
        .await
    }

    /// One request at the public surface.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: &Value,
    ) -> Result<(StatusCode, Value), String> {
        let mut request =
            self.request(method, path).header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.answer(request.body(body).map_err(|e| e.to_string())?).await
    }

    /// `POST` of a file's text; what was answered when it was taken.
    pub async fn file(&self, path: &str, kind: &str, text: String) -> Result<Value, String> {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, kind);
        let request = request.body(Body::from(text)).map_err(|e| e.to_string())?;
        match self.answer(request).await? {
            (status, answer) if status.is_success() => Ok(answer),
            (status, answer) => Err(format!("POST {path} answered {status}: {answer}")),
        }
    }

    fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let key = format!("Bearer {}", self.town.api_key);
        Request::builder().method(method).uri(path).header(header::AUTHORIZATION, key)
    }

    async fn answer(&self, request: Request<Body>) -> Result<(StatusCode, Value), String> {
        let answer = self.town.router.clone().oneshot(request).await.map_err(|e| e.to_string())?;
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 1 << 24).await.map_err(|e| e.to_string())?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }

    /// `POST /send`; the id of the outbox.
    pub async fn send(&self, to: &str, key: &str, message: &Value) -> Result<String, String> {
        let mut body = message.clone();
        body["to"] = to.into();
        let (status, answer) = self.call(Method::POST, "/send", Some(key), &body).await?;
        match answer["id"].as_str() {
            Some(id) if status == StatusCode::ACCEPTED => Ok(id.to_owned()),
            _ => Err(format!("POST /send answered {status}: {answer}")),
        }
    }

    /// The wamid of a send, once Meta has answered.
    pub async fn wamid_of(&self, outbox: &str) -> Result<String, String> {
        let end = self.town.ambient.clock.mono() + PATIENCE_MS;
        loop {
            let path = format!("/status/{outbox}");
            let (_, standing) = self.call(Method::GET, &path, None, &Value::Null).await?;
            if let Some(wamid) = standing["wamid"].as_str() {
                return Ok(wamid.to_owned());
            }
            if self.town.ambient.clock.mono() > end {
                return Err(format!("{outbox} got no wamid: {standing}"));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

pub fn text(body: &str) -> Value {
    json!({ "type": "text", "text": { "body": body } })
}

/// `Err` with the sentence when it does not hold.
pub fn check(holds: bool, what: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.into()) }
}
