//! Who says no is written to no more, is told so once, and may come back.

use axum::http::{Method, StatusCode};
use futures_util::FutureExt;
use serde_json::{Value, json};
use whatsapp_sim::{Customer, Direction};

use super::Scenario;
use super::eye::{Eye, check};

pub const SCENARIOS: &[Scenario] = &[
    Scenario::new("consent: after BAJA no template goes out until ALTA", |eye| {
        leaves_and_returns(eye).boxed()
    }),
    Scenario::new("consent: the switch in WhatsApp holds, and is shown with its source", |eye| {
        switched_off(eye).boxed()
    }),
];

/// Marketing, by Meta's category.
fn template() -> Value {
    json!({ "type": "template", "template": { "name": "spring_offer", "language": { "code": "en_US" },
        "components": [
            { "type": "header", "parameters": [{ "type": "image",
                "image": { "link": "https://example.com/spring.jpg" } }] },
            { "type": "body", "parameters": [{ "type": "text", "text": "Ana" }] },
            { "type": "button", "sub_type": "copy_code", "index": "1",
                "parameters": [{ "type": "coupon_code", "coupon_code": "SPRING25" }] },
        ] } })
}

fn phone(customer: &Customer) -> String {
    format!("+{}", customer.wa_id)
}

async fn send(eye: &Eye<'_>, to: &Customer, key: &str) -> Result<(StatusCode, Value), String> {
    let mut body = template();
    body["to"] = phone(to).into();
    eye.call(Method::POST, "/send", Some(key), &body).await
}

/// Waits until the ledger says this of marketing; the source of it.
async fn stands(eye: &Eye<'_>, who: &Customer, kind: &str) -> Result<String, String> {
    let path = format!("/api/v1/consent?of=%2B{}", who.wa_id);
    for _ in 0..200 {
        let (status, shown) = eye.call(Method::GET, &path, None, &Value::Null).await?;
        let marketing = &shown["purposes"][0];
        if status == StatusCode::OK && marketing["kind"] == kind {
            return Ok(marketing["source"].as_str().unwrap_or_default().to_owned());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Err(format!("marketing never stood at {kind}"))
}

async fn leaves_and_returns(eye: &Eye<'_>) -> Result<(), String> {
    let ida = eye.customer("Ida Baja")?;
    eye.phones().texts(&ida.id, eye.number(), "¡Baja! 🙏")?;
    let source = stands(eye, &ida, "opt_out").await?;
    check(source == "keyword", format!("source: {source}"))?;
    let notices = || {
        eye.phones().read(|world| {
            let ours = world.thread(&ida.id).filter(|m| m.direction == Direction::Out);
            ours.filter(|m| m.content.to_string().contains("ALTA")).count()
        })
    };
    eye.until("the answer that it was heard", || (notices() == 1).then_some(())).await?;
    let (status, problem) = send(eye, &ida, "consent-1").await?;
    check(status == StatusCode::UNPROCESSABLE_ENTITY, format!("{status}: {problem}"))?;
    check(problem["code"] == "puente.opted_out", format!("{problem}"))?;
    // Meta's times are whole seconds, and of two in the same one the opt-out holds
    let spoken = eye.now();
    eye.until("the next second", || (eye.now().since(spoken) >= 1_000).then_some(())).await?;
    eye.phones().texts(&ida.id, eye.number(), "ALTA")?;
    stands(eye, &ida, "opt_in").await?;
    let outbox = eye.send(&phone(&ida), "consent-2", &template()).await?;
    eye.wamid_of(&outbox).await?;
    check(notices() == 1, "it was said once")
}

async fn switched_off(eye: &Eye<'_>) -> Result<(), String> {
    let jon = eye.customer("Jon Calla")?;
    eye.phones().prefers(&jon.id, eye.number(), true)?;
    let source = stands(eye, &jon, "opt_out").await?;
    check(source == "meta.user_preferences", format!("source: {source}"))?;
    let (status, problem) = send(eye, &jon, "consent-3").await?;
    check(problem["code"] == "puente.opted_out", format!("{status}: {problem}"))
}
