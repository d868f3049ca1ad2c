//! What customers send ends on the right records.

use futures_util::FutureExt;
use serde_json::{Value, json};
use whatsapp_sim::{NewCustomer, Utterance};

use super::Scenario;
use super::eye::{Eye, check};

pub const SCENARIOS: &[Scenario] = &[
    Scenario::new("inbound: a text from an unknown person becomes a Lead", |eye| {
        unknown_becomes_lead(eye).boxed()
    }),
    Scenario::new("inbound: a text from a known Contact opens one Case", |eye| {
        contact_gets_case(eye).boxed()
    }),
    Scenario::new("inbound: a person without a phone number is served", |eye| {
        without_a_phone(eye).boxed()
    }),
    Scenario::new("inbound: every message type is registered", |eye| every_type(eye).boxed()),
    Scenario::new("inbound: a case an agent closed stays closed", |eye| stays_closed(eye).boxed()),
];

async fn unknown_becomes_lead(eye: &Eye<'_>) -> Result<(), String> {
    let ana = eye.customer("Ana Prueba")?;
    let wamid = eye.phones().texts(&ana.id, eye.number(), "hola, quiero información 👋")?;
    let message = eye.row_of(&wamid).await?;
    check(message["Text__c"] == "hola, quiero información 👋", format!("text: {message}"))?;
    check(message["Direction__c"] == "Inbound", "direction")?;
    let person = eye
        .until("the person linked with a Lead", || {
            eye.person_of(&ana).filter(|p| p["Lead__c"].is_string())
        })
        .await?;
    let lead = person["Lead__c"].as_str().and_then(|id| eye.org().row(id)).ok_or("no lead row")?;
    check(lead["LastName"] == "Prueba" && lead["FirstName"] == "Ana", format!("name: {lead}"))?;
    check(lead["Puente_Create_Key__c"] == person["Key__c"], "create key")?;
    let again = eye.phones().texts(&ana.id, eye.number(), "¿siguen ahí?")?;
    let second = eye.row_of(&again).await?;
    check(second["Conversation__c"] == message["Conversation__c"], "one conversation")?;
    let own = eye.rows("Lead", "Puente_Create_Key__c", person["Key__c"].as_str().unwrap_or(""));
    check(own.len() == 1, format!("{} leads", own.len()))
}

async fn contact_gets_case(eye: &Eye<'_>) -> Result<(), String> {
    let bo = eye.customer("Bo")?;
    let phone = format!("+{}", bo.wa_id);
    let contact = json!({ "LastName": "Cliente", "FirstName": "Bo", "MobilePhone": phone });
    let contact = eye.org().create("Contact", contact).map_err(|e| format!("{e:?}"))?;
    let wamid = eye.phones().texts(&bo.id, eye.number(), "mi pedido no llegó")?;
    eye.row_of(&wamid).await?;
    let person = eye
        .until("the person linked with the Contact", || {
            eye.person_of(&bo).filter(|p| p["Contact__c"] == contact.as_str())
        })
        .await?;
    check(person["Lead__c"].is_null(), "no lead for a contact")?;
    let case = eye
        .until("a case of the contact", || eye.rows("Case", "ContactId", &contact).pop())
        .await?;
    check(case["Origin"] == "WhatsApp", format!("origin: {case}"))?;
    let id = case["Id"].clone();
    eye.until("the conversation linked with the case", || {
        let rows = eye.rows("Puente_Conversation__c", "Case__c", id.as_str()?);
        (rows.len() == 1).then_some(())
    })
    .await?;
    let again = eye.phones().texts(&bo.id, eye.number(), "¿alguna noticia?")?;
    eye.row_of(&again).await?;
    let cases = eye.rows("Case", "ContactId", &contact);
    check(cases.len() == 1, format!("{} cases", cases.len()))
}

async fn without_a_phone(eye: &Eye<'_>) -> Result<(), String> {
    let hidden = eye.phones().customer(NewCustomer {
        name: "Cam".into(),
        hidden: true,
        username: Some("cam.s".into()),
        ..NewCustomer::default()
    })?;
    let wamid = eye.phones().texts(&hidden.id, eye.number(), "olá")?;
    eye.row_of(&wamid).await?;
    let person = eye
        .until("the person with a Lead", || {
            eye.person_of(&hidden).filter(|p| p["Lead__c"].is_string())
        })
        .await?;
    check(person["Bsuid__c"].is_string(), "a user id")?;
    check(person["Phone_E164__c"].is_null(), format!("no phone: {person}"))
}

/// As the phone's app would say each; `{}` is the wamid of an earlier message.
fn utterances() -> Vec<(&'static str, Value)> {
    vec![
        ("image", json!({ "type": "image", "caption": "foto" })),
        ("video", json!({ "type": "video" })),
        ("audio", json!({ "type": "audio", "voice": true })),
        ("document", json!({ "type": "document", "filename": "factura.pdf" })),
        ("sticker", json!({ "type": "sticker" })),
        (
            "location",
            json!({ "type": "location", "latitude": 19.43, "longitude": -99.13, "name": "Centro" }),
        ),
        (
            "contacts",
            json!({ "type": "contacts", "contacts": [
            { "name": { "formatted_name": "Eva", "first_name": "Eva" }, "phones": [{ "phone": "+15550102222" }] }] }),
        ),
        ("button", json!({ "type": "button", "payload": "SI", "text": "Sí" })),
        ("interactive", json!({ "type": "button_reply", "id": "yes", "title": "Sí" })),
        (
            "interactive",
            json!({ "type": "list_reply", "id": "row1", "title": "Opción", "description": "d" }),
        ),
        ("interactive", json!({ "type": "form", "response": { "flow_token": "t", "ok": true } })),
        (
            "order",
            json!({ "type": "order", "catalog_id": "194", "product_items": [
            { "product_retailer_id": "sku1", "quantity": "1", "item_price": "10.5", "currency": "USD" }] }),
        ),
        ("unsupported", json!({ "type": "unsupported", "kind": "poll" })),
        ("request_welcome", json!({ "type": "request_welcome" })),
    ]
}

async fn every_type(eye: &Eye<'_>) -> Result<(), String> {
    let dan = eye.customer("Dan")?;
    let first = eye.phones().texts(&dan.id, eye.number(), "uno de cada uno")?;
    eye.row_of(&first).await?;
    let mut said = utterances();
    said.push(("reaction", json!({ "type": "reaction", "message_id": first, "emoji": "👍" })));
    for (kind, utterance) in said {
        let utterance: Utterance =
            serde_json::from_value(utterance).map_err(|e| format!("{kind}: {e}"))?;
        let wamid = eye.phones().says(&dan.id, eye.number(), &utterance)?;
        let row = eye.row_of(&wamid).await.map_err(|e| format!("{kind}: {e}"))?;
        check(row["Type__c"] == kind, format!("{kind} was shown as {}", row["Type__c"]))?;
    }
    let strange: Utterance = serde_json::from_value(
        json!({ "type": "raw", "message": { "type": "hologram", "hologram": { "x": 1 } } }),
    )
    .map_err(|e| e.to_string())?;
    let wamid = eye.phones().says(&dan.id, eye.number(), &strange)?;
    let row = eye.row_of(&wamid).await?;
    check(row["Type__c"] == "unknown", format!("a new type was shown as {}", row["Type__c"]))
}

async fn stays_closed(eye: &Eye<'_>) -> Result<(), String> {
    let eli = eye.customer("Eli")?;
    let phone = format!("+{}", eli.wa_id);
    let contact = json!({ "LastName": "Eli", "MobilePhone": phone });
    let contact = eye.org().create("Contact", contact).map_err(|e| format!("{e:?}"))?;
    eye.phones().texts(&eli.id, eye.number(), "uno")?;
    let linked = |eye: &Eye<'_>| {
        let case = eye.rows("Case", "ContactId", &contact).pop()?["Id"].as_str()?.to_owned();
        let linked = !eye.rows("Puente_Conversation__c", "Case__c", &case).is_empty();
        linked.then_some(case)
    };
    let case = eye.until("the case", || linked(eye)).await?;
    eye.org().close_case(&case).map_err(|e| format!("{e:?}"))?;
    let wamid = eye.phones().texts(&eli.id, eye.number(), "dos")?;
    eye.row_of(&wamid).await?;
    let row = eye.org().row(&case).ok_or("the case is gone")?;
    check(row["IsClosed"] == true, format!("the case was reopened: {row}"))?;
    let cases = eye.rows("Case", "ContactId", &contact);
    check(cases.len() == 1, format!("{} cases in one conversation", cases.len()))
}
