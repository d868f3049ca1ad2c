//! A caller's side of `/send`: the same request with the same Idempotency-Key,
//! until it is answered 202.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::try_join_all;
use http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};

use crate::bridge::Bridge;

const AT_ONCE: usize = 32;
/// What was refused for a while waits so long before it is tried again.
const AGAIN: Duration = Duration::from_millis(20);

/// A send that was answered 202.
pub struct Accepted {
    /// No other send has this text.
    pub text: String,
    /// `out_...`
    pub id: String,
}

#[derive(Clone)]
pub struct Sender {
    client: reqwest::Client,
    url: String,
    key: String,
    up: watch::Receiver<bool>,
    room: Arc<Semaphore>,
    /// So many were answered 202.
    pub accepted: Arc<AtomicUsize>,
}

impl Sender {
    pub fn new(bridge: &Bridge, up: &watch::Receiver<bool>) -> Self {
        Self {
            client: bridge.client.clone(),
            url: format!("{}/send", bridge.url),
            key: bridge.key.clone(),
            up: up.clone(),
            room: Arc::new(Semaphore::new(AT_ONCE)),
            accepted: Arc::default(),
        }
    }

    /// One message to each phone.
    pub async fn all(self, phones: Vec<String>) -> Result<Vec<Accepted>, String> {
        let sends = phones.into_iter().enumerate().map(|(n, phone)| {
            let sender = self.clone();
            async move { sender.one(n, &phone).await }
        });
        try_join_all(sends).await
    }

    async fn one(mut self, n: usize, phone: &str) -> Result<Accepted, String> {
        let text = format!("reply {n}");
        let body = json!({ "to": phone, "type": "text", "text": { "body": text } });
        loop {
            let _ = self.up.wait_for(|up| *up).await;
            let _room = self.room.acquire().await.map_err(|e| e.to_string())?;
            let request = self.client.post(&self.url).bearer_auth(&self.key);
            let request = request.header("idempotency-key", format!("kill-{n}"));
            // no answer, half of one, or a refusal for now: it is asked again
            let Ok(answer) = request.json(&body).send().await else {
                tokio::time::sleep(AGAIN).await;
                continue;
            };
            let status = answer.status();
            let Ok(answer) = answer.json::<Value>().await else {
                continue;
            };
            if status.is_server_error() {
                tokio::time::sleep(AGAIN).await;
                continue;
            }
            if status != StatusCode::ACCEPTED {
                return Err(format!("/send answered {status}: {answer}"));
            }
            self.accepted.fetch_add(1, Ordering::SeqCst);
            let id = answer["id"].as_str().unwrap_or_default().to_owned();
            return Ok(Accepted { text, id });
        }
    }
}
