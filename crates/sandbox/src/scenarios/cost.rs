//! What deliveries cost is counted from what Meta says, each message once.

use axum::http::Method;
use futures_util::FutureExt;
use serde_json::{Value, json};
use whatsapp_sim::{Config, NewCustomer, Tick};

use super::Scenario;
use super::eye::{Eye, check, text};
use super::statuses::body;

pub const SCENARIOS: &[Scenario] = &[
    Scenario::new("cost: a delivered message counts once, however often it is told", |eye| {
        counted_once(eye).boxed()
    }),
    Scenario::new("cost: an account that nobody pays for is told of", |eye| unpaid(eye).boxed()),
];

/// A calling code that no other scenario uses.
const CODE: &str = "502";

async fn counts(eye: &Eye<'_>) -> Result<Vec<Value>, String> {
    let (_, cost) = eye.call(Method::GET, "/api/v1/cost", None, &Value::Null).await?;
    let counts = cost["counts"].as_array().cloned().unwrap_or_default();
    Ok(counts.into_iter().filter(|count| count["calling_code"] == CODE).collect())
}

async fn counted_once(eye: &Eye<'_>) -> Result<(), String> {
    let gua = eye.phones().customer(NewCustomer::named("Gua", "+50255510001"))?;
    let hello = eye.phones().texts(&gua.id, eye.number(), "hola")?;
    eye.row_of(&hello).await?;
    check(counts(eye).await?.is_empty(), "nothing was delivered to that country")?;
    let mut wamids: Vec<String> = Vec::new();
    for key in ["cost-1", "cost-2", "cost-3"] {
        if key == "cost-3" {
            // it leaves Meta and reaches nobody
            for wamid in &wamids {
                eye.ticks(wamid, Tick::Delivered).await?;
            }
            eye.phones().change(|world| {
                world
                    .customers
                    .values_mut()
                    .filter(|c| c.id == gua.id)
                    .for_each(|c| c.online = false);
            });
        }
        let outbox = eye.send(&format!("+{}", gua.wa_id), key, &text("va")).await?;
        wamids.push(eye.wamid_of(&outbox).await?);
    }
    eye.ticks(&wamids[2], Tick::Sent).await?;
    let now_s = eye.town.ambient.now().secs();
    for wamid in &wamids[..2] {
        for word in ["read", "delivered", "sent", "read", "delivered", "sent"] {
            let priced = json!({ "statuses": [{
                "id": wamid, "status": word, "timestamp": now_s.to_string(),
                "recipient_id": gua.wa_id,
                "pricing": { "billable": false, "pricing_model": "PMP",
                             "type": "free_customer_service", "category": "service" },
            }] });
            let answer = eye.phones().post_raw(Config::APP, &body(priced)).await;
            check(answer == Some(200), format!("{word}: {answer:?}"))?;
        }
        eye.until("`read` in Salesforce", || {
            let rows = eye.rows("Puente_Message__c", "Wamid__c", wamid);
            rows.into_iter().next().filter(|row| row["Status__c"] == "read")
        })
        .await?;
    }
    // the simulator's own truth
    let truth = eye.phones().read(|world| {
        let thread = world.thread(&gua.id);
        thread.filter(|m| m.pricing.is_some() && m.tick >= Tick::Delivered).count()
    });
    let counts = counts(eye).await?;
    let messages: i64 = counts.iter().filter_map(|count| count["messages"].as_i64()).sum();
    check(truth == 2 && messages == 2, format!("{truth} delivered, counted: {counts:?}"))?;
    let priced = counts.iter().all(|count| count["category"] == "service");
    check(priced, format!("as Meta priced it: {counts:?}"))
}

async fn unpaid(eye: &Eye<'_>) -> Result<(), String> {
    let uma = eye.customer("Uma")?;
    let hello = eye.phones().texts(&uma.id, eye.number(), "hola")?;
    eye.row_of(&hello).await?;
    let outbox = eye.send(&format!("+{}", uma.wa_id), "unpaid", &text("va")).await?;
    let wamid = eye.wamid_of(&outbox).await?;
    let failed = json!({ "statuses": [{
        "id": wamid, "status": "failed", "recipient_id": uma.wa_id,
        "timestamp": eye.town.ambient.now().secs().to_string(),
        "errors": [{ "code": 131_042, "title": "Business eligibility payment issue" }],
    }] });
    let answer = eye.phones().post_raw(Config::APP, &body(failed)).await;
    check(answer == Some(200), format!("{answer:?}"))?;
    eye.until("`failed` in Salesforce", || {
        let rows = eye.rows("Puente_Message__c", "Wamid__c", &wamid);
        rows.into_iter().next().filter(|row| row["Status__c"] == "failed")
    })
    .await?;
    let (_, alerts) = eye.call(Method::GET, "/api/v1/alerts", None, &Value::Null).await?;
    let open = alerts["items"].as_array().cloned().unwrap_or_default();
    let told = open.iter().find(|alert| alert["kind"] == "unpaid");
    let told = told.ok_or_else(|| format!("no alert: {alerts}"))?;
    check(told["subject"] == eye.number(), format!("of the number: {told}"))
}
