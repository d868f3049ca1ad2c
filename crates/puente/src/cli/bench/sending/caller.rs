//! People who write, and agents who answer, each at their moments.

use std::time::Duration;

use anyhow::bail;
use serde_json::json;
use tokio::time::Instant;

use super::load::REPLY;
use crate::cli::bench::far::{Far, Person};
use crate::cli::bench::instant;

/// Customers write, one after another.
pub async fn write(
    far: &Far,
    people: &[Person],
    rate: u64,
    began: Instant,
    end: Duration,
) -> anyhow::Result<()> {
    let mut n = 0;
    while let Some(at) = nth(n, rate, end) {
        tokio::time::sleep_until(began + at).await;
        far.writes(&people[n as usize % people.len()])?;
        n += 1;
    }
    Ok(())
}

/// When the `n`-th of `rate` a second is due; none when the time is over.
fn nth(n: u64, rate: u64, end: Duration) -> Option<Duration> {
    let at = Duration::from_nanos(n * 1_000_000_000 / rate);
    (at < end).then_some(at)
}

/// An agent's side of `POST /send`.
pub struct Caller {
    pub key: String,
    pub url: String,
}

impl Caller {
    /// Asks for replies at their moments, each on its own; when each was meant.
    pub async fn ask(
        &self,
        far: &Far,
        people: &[Person],
        rate: u64,
        began: Instant,
        end: Duration,
    ) -> anyhow::Result<Vec<i64>> {
        if rate == 0 {
            return Ok(Vec::new());
        }
        let client = crate::http::toward_meta()?;
        let (mut meant, mut calls) = (Vec::new(), tokio::task::JoinSet::new());
        while let Some(at) = nth(meant.len() as u64, rate, end) {
            tokio::time::sleep_until(began + at).await;
            let n = meant.len();
            let late = (instant() - (began + at).into_std()).as_millis() as i64;
            meant.push(far.clock.now_ms() - late);
            let body = json!({
                "to": people[n % people.len()].phone,
                "type": "text",
                "text": { "body": format!("{REPLY}{n}") },
            });
            let request = http::Request::post(&self.url)
                .header("authorization", format!("Bearer {}", self.key))
                .header("content-type", "application/json")
                .header("idempotency-key", format!("reply-{n}"))
                .body(bytes::Bytes::from(body.to_string()))?;
            let client = client.clone();
            calls.spawn(async move { client.send(request).await });
        }
        while let Some(answer) = calls.join_next().await {
            let answer = answer?.map_err(|lost| anyhow::anyhow!("POST /send: {lost:?}"))?;
            if answer.status() != http::StatusCode::ACCEPTED {
                let said = String::from_utf8_lossy(answer.body()).into_owned();
                bail!("POST /send answered {}: {said}", answer.status());
            }
        }
        Ok(meant)
    }
}
