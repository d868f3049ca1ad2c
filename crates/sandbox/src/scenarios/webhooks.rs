//! What Meta posts on a bad day.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures_util::FutureExt;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tower::ServiceExt;
use whatsapp_sim::Config;

use super::Scenario;
use super::eye::{Eye, check};
use super::statuses::body;

pub const SCENARIOS: &[Scenario] = &[
    Scenario::new("webhooks: the same one many times in parallel makes one record", |eye| {
        repeated(eye).boxed()
    }),
    Scenario::new("webhooks: one broken message among ten is set aside alone", |eye| {
        one_broken(eye).boxed()
    }),
    Scenario::new("webhooks: a number of nobody is kept as unclaimed", |eye| {
        unclaimed(eye).boxed()
    }),
    Scenario::new("webhooks: a wrong signature is refused and nothing is stored", |eye| {
        wrong_signature(eye).boxed()
    }),
];

fn message(wamid: &str, text: &str, at_s: i64) -> Value {
    json!({ "from": "15550107777", "id": wamid, "timestamp": at_s.to_string(),
            "type": "text", "text": { "body": text } })
}

fn contacts() -> Value {
    json!([{ "profile": { "name": "Max" }, "wa_id": "15550107777" }])
}

async fn repeated(eye: &Eye<'_>) -> Result<(), String> {
    const TIMES: usize = 200;
    let wamid = "wamid.repeated";
    let now_s = eye.town.ambient.now().secs();
    let post = body(json!({ "contacts": contacts(), "messages": [message(wamid, "una", now_s)] }));
    let phones = eye.phones();
    let answers = join_all((0..TIMES).map(|_| phones.post_raw(Config::APP, &post))).await;
    check(answers.iter().all(|a| *a == Some(200)), "each is answered 200")?;
    eye.row_of(wamid).await?;
    let rows = eye.rows("Puente_Message__c", "Wamid__c", wamid);
    check(rows.len() == 1, format!("{} rows", rows.len()))
}

async fn one_broken(eye: &Eye<'_>) -> Result<(), String> {
    let now_s = eye.town.ambient.now().secs();
    let mut messages: Vec<_> =
        (0..10).map(|n| message(&format!("wamid.batch{n}"), &format!("m{n}"), now_s)).collect();
    messages[4] = json!({ "from": "15550107777", "timestamp": now_s.to_string(), "type": "text" });
    let post = body(json!({ "contacts": contacts(), "messages": messages }));
    let answer = eye.phones().post_raw(Config::APP, &post).await;
    check(answer == Some(200), format!("{answer:?}"))?;
    for n in [0, 1, 2, 3, 5, 6, 7, 8, 9] {
        eye.row_of(&format!("wamid.batch{n}")).await?;
    }
    let aside = eye.town.store.items_aside(Some(&eye.town.tenant), 100).await;
    let aside = aside.map_err(|e| e.to_string())?;
    let broken = aside.iter().filter(|i| i.code.as_deref() == Some("puente.broken_item")).count();
    check(broken == 1, format!("{broken} items set aside"))
}

async fn unclaimed(eye: &Eye<'_>) -> Result<(), String> {
    // the dashboard's own test payload
    let post = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "0", "changes": [
        { "field": "messages", "value": { "messaging_product": "whatsapp",
          "metadata": { "display_phone_number": "16505551111", "phone_number_id": "123456123" },
          "contacts": [{ "profile": { "name": "test user name" }, "wa_id": "16315551181" }],
          "messages": [{ "from": "16315551181", "id": "ABGGFlA5Fpa", "timestamp": "1504902988",
                         "type": "text", "text": { "body": "this is a text message" } }] } }] }] });
    let answer = eye.phones().post_raw(Config::APP, &post).await;
    check(answer == Some(200), format!("{answer:?}"))?;
    let end = eye.town.ambient.clock.mono() + 20_000;
    loop {
        let depths = eye.town.store.depths(None).await.map_err(|e| e.to_string())?;
        if depths.items_unclaimed >= 1 {
            break;
        }
        check(eye.town.ambient.clock.mono() < end, "it was never kept")?;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let rows = eye.rows("Puente_Message__c", "Wamid__c", "ABGGFlA5Fpa");
    check(rows.is_empty(), "it is nobody's record")
}

async fn wrong_signature(eye: &Eye<'_>) -> Result<(), String> {
    let before = eye.town.store.depths(None).await.map_err(|e| e.to_string())?;
    let now_s = eye.town.ambient.now().secs();
    let post = body(json!({ "messages": [message("wamid.forged", "x", now_s)] })).to_string();
    let mut answers = Vec::new();
    for signature in [None, Some("sha256=00"), Some(&*format!("sha256={}", "0".repeat(64)))] {
        let mut request = Request::post("/messages").header("content-type", "application/json");
        if let Some(signature) = signature {
            request = request.header("X-Hub-Signature-256", signature);
        }
        let request = request.body(Body::from(post.clone())).map_err(|e| e.to_string())?;
        let answer = eye.town.router.clone().oneshot(request).await.map_err(|e| e.to_string())?;
        check(answer.status() == StatusCode::UNAUTHORIZED, answer.status().to_string())?;
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 16).await;
        answers.push(bytes.map_err(|e| e.to_string())?);
    }
    check(answers.windows(2).all(|w| w[0] == w[1]), "one body for every refusal")?;
    let after = eye.town.store.depths(None).await.map_err(|e| e.to_string())?;
    check(after.journal == before.journal, "nothing was stored")?;
    check(eye.rows("Puente_Message__c", "Wamid__c", "wamid.forged").is_empty(), "no record")
}
