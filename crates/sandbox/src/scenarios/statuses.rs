//! Ticks that come late, twice, early and out of order.

use futures_util::FutureExt;
use serde_json::{Value, json};
use whatsapp_sim::{Config, Tick};

use super::Scenario;
use super::eye::{Eye, check, text};

pub const SCENARIOS: &[Scenario] = &[
    Scenario::new("statuses: shuffled and repeated, the message ends as read", |eye| {
        shuffled(eye).boxed()
    }),
    Scenario::new("statuses: one that comes before the send's answer is kept", |eye| {
        early(eye).boxed()
    }),
];

/// A webhook body with one status.
pub fn status(wamid: &str, word: &str, at_s: i64, tracker: Option<&str>) -> Value {
    let mut status = json!({
        "id": wamid, "status": word, "timestamp": at_s.to_string(), "recipient_id": "15550100000",
    });
    if let Some(tracker) = tracker {
        status["biz_opaque_callback_data"] = tracker.into();
    }
    body(json!({ "statuses": [status] }))
}

pub fn body(part: Value) -> Value {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "15550009999", "phone_number_id": Config::NUMBER },
    });
    if let (Some(value), Value::Object(part)) = (value.as_object_mut(), part) {
        value.extend(part);
    }
    json!({ "object": "whatsapp_business_account", "entry": [
        { "id": Config::WABA, "changes": [{ "field": "messages", "value": value }] }] })
}

async fn shuffled(eye: &Eye<'_>) -> Result<(), String> {
    let kim = eye.customer("Kim")?;
    let hello = eye.phones().texts(&kim.id, eye.number(), "hola")?;
    eye.row_of(&hello).await?;
    let outbox = eye.send(&format!("+{}", kim.wa_id), "shuffled", &text("una")).await?;
    let wamid = eye.wamid_of(&outbox).await?;
    eye.ticks(&wamid, Tick::Delivered).await?;
    let now_s = eye.town.ambient.now().secs();
    for word in ["read", "sent", "delivered", "read", "sent", "delivered", "sent"] {
        let answer = eye.phones().post_raw(Config::APP, &status(&wamid, word, now_s, None)).await;
        check(answer == Some(200), format!("{word}: {answer:?}"))?;
    }
    let row = eye
        .until("`read` in Salesforce", || {
            let rows = eye.rows("Puente_Message__c", "Wamid__c", &wamid);
            rows.into_iter().next().filter(|row| row["Status__c"] == "read")
        })
        .await?;
    check(row["Read_At__c"].is_string(), "a time of reading")?;
    // a late write of an older version cannot lower it: the package's guard
    let id = row["Id"].as_str().unwrap_or_default().to_owned();
    let old = json!({ "Version__c": 1, "Status__c": "sent" });
    eye.org().update(&id, old).map_err(|e| format!("{e:?}"))?;
    let row = eye.org().row(&id).ok_or("the row is gone")?;
    check(row["Status__c"] == "read", format!("an older write lowered it: {row}"))
}

async fn early(eye: &Eye<'_>) -> Result<(), String> {
    let lou = eye.customer("Lou")?;
    let hello = eye.phones().texts(&lou.id, eye.number(), "hola")?;
    eye.row_of(&hello).await?;
    // the answer takes two seconds; the ticks do not wait for it
    let slow =
        json!({ "op": "messages.send", "when": { "nth": 1 }, "act": { "delay_after": 2000 } });
    let rule = serde_json::from_value(slow).map_err(|e| e.to_string())?;
    eye.phones().gate().faults.add(rule);
    let outbox = eye.send(&format!("+{}", lou.wa_id), "early", &text("antes")).await?;
    let shown = eye
        .until("the message on the phone", || {
            eye.phones().read(|world| {
                let mine = |m: &&whatsapp_sim::Message| m.content["body"] == "antes";
                world.thread(&lou.id).find(mine).cloned()
            })
        })
        .await?;
    eye.ticks(&shown.wamid, Tick::Delivered).await?;
    let wamid = eye.wamid_of(&outbox).await?;
    check(wamid == shown.wamid, "the same message")?;
    eye.until("`delivered` in Salesforce", || {
        let rows = eye.rows("Puente_Message__c", "Wamid__c", &wamid);
        rows.into_iter().next().filter(|row| row["Status__c"] == "delivered")
    })
    .await?;
    let copies = eye.phones().read(|world| {
        let mine = |m: &&whatsapp_sim::Message| m.content["body"] == "antes";
        world.thread(&lou.id).filter(mine).count()
    });
    check(copies == 1, format!("{copies} copies on the phone"))
}
