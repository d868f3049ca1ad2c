//! What an agent did is counted, and the records behind a figure can be listed.

use axum::http::{Method, StatusCode};
use futures_util::FutureExt;
use serde_json::{Value, json};
use whatsapp_sim::{Direction, NewCustomer, Tick};

use super::Scenario;
use super::eye::{Eye, check, text};

pub const SCENARIOS: &[Scenario] = &[Scenario::new(
    "metrics: a day's figures are the phones' own, and name their records",
    |eye| as_the_phones_know(eye).boxed(),
)];

/// Messages that customers sent on the day, as puente lists them.
async fn listed(eye: &Eye<'_>, metric: &str, day: &str) -> Result<Vec<Value>, String> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let path =
            format!("/api/v1/metrics/{metric}/records?from={day}&to={day}&limit=200{cursor}");
        let (status, page) = eye.call(Method::GET, &path, None, &Value::Null).await?;
        check(status == StatusCode::OK, format!("{status}: {page}"))?;
        items.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(items),
        }
    }
}

async fn as_the_phones_know(eye: &Eye<'_>) -> Result<(), String> {
    let ana = eye.phones().customer(NewCustomer::named("Ana Cifra", "+50355510001"))?;
    let mut mine = Vec::new();
    for (n, words) in ["hola", "¿hay alguien?"].into_iter().enumerate() {
        let hello = eye.phones().texts(&ana.id, eye.number(), words)?;
        eye.row_of(&hello).await?;
        let key = format!("metrics-{n}");
        let outbox = eye.send(&format!("+{}", ana.wa_id), &key, &text("aquí")).await?;
        let wamid = eye.wamid_of(&outbox).await?;
        eye.ticks(&wamid, Tick::Delivered).await?;
        eye.until("`delivered` in Salesforce", || {
            let rows = eye.rows("Puente_Message__c", "Wamid__c", &wamid);
            let known = |row: &Value| row["Status__c"] == "delivered" || row["Status__c"] == "read";
            rows.into_iter().next().filter(known)
        })
        .await?;
        mine.push(outbox);
    }
    let (_, told) = eye.call(Method::GET, "/api/v1/metrics", None, &Value::Null).await?;
    let day = told["to"].as_str().unwrap_or_default().to_owned();
    let (_, status) =
        eye.call(Method::GET, &format!("/status/{}", mine[0]), None, &Value::Null).await?;
    let conversation = &status["conversation_id"];
    let truth = eye.phones().read(|world| {
        let thread: Vec<_> = world.thread(&ana.id).collect();
        let ours = thread.iter().filter(|m| m.direction == Direction::Out);
        let arrived = ours.filter(|m| m.tick >= Tick::Delivered).count();
        [thread.iter().filter(|m| m.direction == Direction::In).count(), arrived]
    });
    for (metric, truth) in ["received", "delivered"].into_iter().zip(truth) {
        let records = listed(eye, metric, &day).await?;
        let ours = records.iter().filter(|record| record["conversation_id"] == *conversation);
        let found = ours.count();
        check(
            found == truth && truth == 2,
            format!("{metric}: {truth} on the phone, {found} listed"),
        )?;
    }
    // the figure of the day is as many as its records
    let asked = json!({ "from": day, "to": day });
    let path = "/api/v1/metrics/recompute";
    let (status, answer) = eye.call(Method::POST, path, None, &asked).await?;
    check(status == StatusCode::ACCEPTED, format!("{status}: {answer}"))?;
    let end = eye.town.ambient.clock.mono() + 20_000;
    loop {
        let path = format!("/api/v1/metrics?from={day}&to={day}");
        let (_, told) = eye.call(Method::GET, &path, None, &Value::Null).await?;
        let figure = told["figures"].as_array().into_iter().flatten();
        let figure = figure.clone().find(|f| f["metric"] == "delivered").cloned();
        let records = listed(eye, "delivered", &day).await?.len() as u64;
        if figure.as_ref().and_then(|f| f["count"].as_u64()) == Some(records) {
            return Ok(());
        }
        let late = eye.town.ambient.clock.mono() > end;
        check(!late, format!("{records} records, and the figure is {figure:?}"))?;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
