//! What agents and flows send reaches the phone, and its ticks come back.

use axum::http::{Method, StatusCode};
use futures_util::FutureExt;
use serde_json::{Value, json};
use whatsapp_sim::{Customer, Tick};

use super::Scenario;
use super::eye::{Eye, check, text};

pub const SCENARIOS: &[Scenario] = &[
    Scenario::new("outbound: a text is sent, delivered and read", |eye| text_is_read(eye).boxed()),
    Scenario::new("outbound: every kind arrives on the phone", |eye| every_kind(eye).boxed()),
    Scenario::new("outbound: a closed window refuses text and takes a template", |eye| {
        closed_window(eye).boxed()
    }),
    Scenario::new("outbound: the same Idempotency-Key sends once", |eye| sends_once(eye).boxed()),
    Scenario::new("outbound: a message Meta refuses is shown as failed", |eye| {
        refused_is_shown(eye).boxed()
    }),
];

/// A customer who wrote, so that the window is open.
async fn writer(eye: &Eye<'_>, name: &str) -> Result<Customer, String> {
    let customer = eye.customer(name)?;
    let wamid = eye.phones().texts(&customer.id, eye.number(), "hola")?;
    eye.row_of(&wamid).await?;
    Ok(customer)
}

pub(super) fn phone(customer: &Customer) -> String {
    format!("+{}", customer.wa_id)
}

async fn text_is_read(eye: &Eye<'_>) -> Result<(), String> {
    let fay = writer(eye, "Fay").await?;
    let outbox = eye.send(&phone(&fay), "read-1", &text("buenas tardes")).await?;
    let wamid = eye.wamid_of(&outbox).await?;
    eye.ticks(&wamid, Tick::Delivered).await?;
    eye.phones().reads(&fay.id, eye.number());
    let row = eye
        .until("`read` in Salesforce", || {
            eye.rows("Puente_Message__c", "Wamid__c", &wamid)
                .pop()
                .filter(|row| row["Status__c"] == "read")
        })
        .await?;
    check(row["Direction__c"] == "Outbound", "direction")?;
    check(row["Delivered_At__c"].is_string() && row["Read_At__c"].is_string(), "times")?;
    let (_, standing) =
        eye.call(Method::GET, &format!("/status/{outbox}"), None, &Value::Null).await?;
    check(standing["status"] == "read", format!("status: {standing}"))?;
    let traced = format!("/api/v1/trace?id={outbox}");
    let (_, trace) = eye.call(Method::GET, &traced, None, &Value::Null).await?;
    let steps = trace["items"][0]["steps"].as_array().map_or(0, Vec::len);
    check(steps >= 6, format!("a trace of {steps} steps: {trace}"))
}

fn kinds(quoted: &str) -> Vec<Value> {
    let button = |id: &str| json!({ "type": "reply", "reply": { "id": id, "title": id } });
    vec![
        json!({ "type": "text", "text": { "body": "con cita" }, "context": { "message_id": quoted } }),
        json!({ "type": "image", "image": { "link": "https://example.com/a.jpg", "caption": "foto" } }),
        json!({ "type": "video", "video": { "link": "https://example.com/a.mp4" } }),
        json!({ "type": "audio", "audio": { "link": "https://example.com/a.mp3" } }),
        json!({ "type": "document", "document": { "link": "https://example.com/a.pdf", "filename": "a.pdf" } }),
        json!({ "type": "sticker", "sticker": { "link": "https://example.com/a.webp" } }),
        json!({ "type": "location", "location": { "latitude": "19.43", "longitude": "-99.13", "name": "Centro", "address": "Calle 1" } }),
        json!({ "type": "contacts", "contacts": [{ "name": { "formatted_name": "Eva R", "first_name": "Eva" }, "phones": [{ "phone": "+15550102222" }] }] }),
        json!({ "type": "reaction", "reaction": { "message_id": quoted, "emoji": "👍" } }),
        json!({ "type": "interactive", "interactive": { "type": "button", "body": { "text": "¿Sí?" }, "action": { "buttons": [button("si"), button("no")] } } }),
        json!({ "type": "interactive", "interactive": { "type": "list", "body": { "text": "Elija" }, "action": { "button": "Ver", "sections": [{ "title": "A", "rows": [{ "id": "1", "title": "Uno" }] }] } } }),
        json!({ "type": "interactive", "interactive": { "type": "cta_url", "body": { "text": "Ver" }, "action": { "name": "cta_url", "parameters": { "display_text": "Abrir", "url": "https://example.com" } } } }),
        json!({ "type": "interactive", "interactive": { "type": "request_contact_info", "body": { "text": "¿Su número?" }, "action": { "name": "request_contact_info" } } }),
    ]
}

async fn every_kind(eye: &Eye<'_>) -> Result<(), String> {
    let gus = eye.customer("Gus")?;
    let quoted = eye.phones().texts(&gus.id, eye.number(), "todo")?;
    eye.row_of(&quoted).await?;
    for (n, message) in kinds(&quoted).iter().enumerate() {
        let kind = message["type"].as_str().unwrap_or_default().to_owned();
        let said = |e: String| format!("{kind}: {e}");
        let outbox = eye.send(&phone(&gus), &format!("kind-{n}"), message).await.map_err(said)?;
        let said = |e: String| format!("{kind}: {e}");
        let wamid = eye.wamid_of(&outbox).await.map_err(said)?;
        // a reaction of ours is only ever told as sent
        let tick = if kind == "reaction" { Tick::Sent } else { Tick::Delivered };
        let said = |e: String| format!("{kind}: {e}");
        let shown = eye.ticks(&wamid, tick).await.map_err(said)?;
        check(shown.tick != Tick::Failed, format!("{kind} failed: {:?}", shown.error))?;
        check(shown.kind == kind, format!("{kind} arrived as {}", shown.kind))?;
    }
    Ok(())
}

/// The first approved template without variables or a media header.
fn template(eye: &Eye<'_>) -> Option<Value> {
    let templates = eye.phones().read(|world| serde_json::to_value(&world.templates).ok())?;
    let list: Vec<Value> = match templates {
        Value::Array(list) => list,
        Value::Object(map) => map.into_iter().map(|(_, v)| v).collect(),
        _ => return None,
    };
    let plain = list.into_iter().find(|t| {
        let text = t["components"].to_string();
        t["status"] == "APPROVED" && !text.contains("{{") && !text.contains("\"format\":\"IMAGE\"")
    })?;
    Some(json!({ "type": "template", "template": {
        "name": plain["name"], "language": { "code": plain["language"] } } }))
}

async fn closed_window(eye: &Eye<'_>) -> Result<(), String> {
    let hal = eye.customer("Hal")?;
    let mut body = text("¿sigue interesado?");
    body["to"] = phone(&hal).into();
    let (status, problem) = eye.call(Method::POST, "/send", Some("closed-1"), &body).await?;
    check(status == StatusCode::UNPROCESSABLE_ENTITY, format!("{status}: {problem}"))?;
    check(problem["code"] == "puente.window_closed", format!("{problem}"))?;
    check(problem["cure"].as_str().is_some_and(|c| c.contains("template")), "a cure")?;
    let template = template(eye).ok_or("the simulator has no plain template")?;
    let outbox = eye.send(&phone(&hal), "closed-2", &template).await?;
    let wamid = eye.wamid_of(&outbox).await?;
    let shown = eye.ticks(&wamid, Tick::Delivered).await?;
    check(shown.kind == "template", "a template on the phone")
}

async fn sends_once(eye: &Eye<'_>) -> Result<(), String> {
    let ida = writer(eye, "Ida").await?;
    let first = eye.send(&phone(&ida), "once", &text("una sola vez")).await?;
    let again = eye.send(&phone(&ida), "once", &text("una sola vez")).await?;
    check(first == again, format!("{first} and {again}"))?;
    let mut other = text("otra cosa");
    other["to"] = phone(&ida).into();
    let (status, problem) = eye.call(Method::POST, "/send", Some("once"), &other).await?;
    check(status == StatusCode::UNPROCESSABLE_ENTITY, format!("{status}: {problem}"))?;
    let wamid = eye.wamid_of(&first).await?;
    eye.ticks(&wamid, Tick::Delivered).await?;
    let copies = eye.phones().read(|world| {
        let mine = |m: &&whatsapp_sim::Message| m.content["body"] == "una sola vez";
        world.thread(&ida.id).filter(mine).count()
    });
    check(copies == 1, format!("{copies} copies on the phone"))
}

async fn refused_is_shown(eye: &Eye<'_>) -> Result<(), String> {
    let jo = writer(eye, "Jo").await?;
    let target = "wamid.HBgLMTU1NTAxMDAwMDAVAgARGBIAAAAAAAAAAAAAAAAAAAAAAAA=";
    let gone = json!({ "type": "reaction", "reaction": { "message_id": target, "emoji": "👍" } });
    let outbox = eye.send(&phone(&jo), "refused", &gone).await?;
    let path = format!("/status/{outbox}");
    let end = eye.town.ambient.clock.mono() + 20_000;
    loop {
        let (_, standing) = eye.call(Method::GET, &path, None, &Value::Null).await?;
        if standing["status"] == "failed" {
            let why = standing["code"].as_str().unwrap_or_default();
            return check(why.starts_with("wa."), format!("no code: {standing}"));
        }
        check(eye.town.ambient.clock.mono() < end, format!("it never failed: {standing}"))?;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
