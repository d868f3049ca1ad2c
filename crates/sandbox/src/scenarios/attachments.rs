//! Files and places, both ways.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use bytes::Bytes;
use futures_util::FutureExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use whatsapp_sim::{Direction, Utterance};

use super::Scenario;
use super::eye::{Eye, check};

pub const SCENARIOS: &[Scenario] = &[
    Scenario::new("attachments: a photo of a customer stands on message and record", |eye| {
        photo_comes(eye).boxed()
    }),
    Scenario::new("attachments: a file of Salesforce arrives on the phone", |eye| {
        file_goes(eye).boxed()
    }),
    Scenario::new("attachments: an upload arrives on the phone, a wrong kind is told", |eye| {
        upload_goes(eye).boxed()
    }),
    Scenario::new("attachments: a place and a contact card are fields", |eye| {
        place_and_card(eye).boxed()
    }),
];

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n scenario";

fn says(eye: &Eye<'_>, customer: &str, say: Value) -> Result<String, String> {
    let say: Utterance = serde_json::from_value(say).map_err(|e| e.to_string())?;
    eye.phones().says(customer, eye.number(), &say)
}

async fn photo_comes(eye: &Eye<'_>) -> Result<(), String> {
    let ana = eye.customer("Ana Foto")?;
    let wamid = says(eye, &ana.id, json!({ "type": "image", "size": 40_000, "caption": "mira" }))?;
    let stored = eye
        .until("the message with its file", || {
            let row = eye.rows("Puente_Message__c", "Wamid__c", &wamid).pop()?;
            (row["Media_Status__c"] == "Stored").then_some(row)
        })
        .await?;
    let document = stored["Content_Document_Id__c"].as_str().ok_or("no document")?;
    let versions = eye.rows("ContentVersion", "ContentDocumentId", document);
    check(versions.len() == 1, format!("{} versions", versions.len()))?;
    let file = versions[0]["Id"].as_str().and_then(|id| eye.org().file(id)).ok_or("no bytes")?;
    let sent = eye.phones().read(|world| {
        let content = world.message(&wamid).map(|m| m.content.clone()).unwrap_or_default();
        content["id"].as_str().and_then(|id| world.media.get(id)).map(|m| m.bytes.clone())
    });
    check(sent.as_ref() == Some(&file), "other bytes than the phone sent")?;
    let links = eye.rows("ContentDocumentLink", "ContentDocumentId", document);
    let on = |id: &Value| links.iter().filter(|link| link["LinkedEntityId"] == *id).count();
    check(on(&stored["Id"]) == 1, "not on its message")?;
    let person = eye.person_of(&ana).ok_or("no person")?;
    check(on(&person["Lead__c"]) == 1, "not on the lead")
}

/// Someone who wrote, so that the window is open.
async fn writer(eye: &Eye<'_>, name: &str) -> Result<whatsapp_sim::Customer, String> {
    let customer = eye.customer(name)?;
    let wamid = eye.phones().texts(&customer.id, eye.number(), "hola")?;
    eye.row_of(&wamid).await?;
    Ok(customer)
}

async fn picture(eye: &Eye<'_>, customer: &str) -> Result<Bytes, String> {
    eye.until("the picture on the phone", || {
        eye.phones().read(|world| {
            let ours = world.thread(customer).filter(|m| m.direction == Direction::Out);
            let ids: Vec<_> = ours.filter_map(|m| m.content["id"].as_str()).collect();
            ids.last().and_then(|id| world.media.get(*id)).map(|m| m.bytes.clone())
        })
    })
    .await
}

async fn file_goes(eye: &Eye<'_>) -> Result<(), String> {
    let bo = writer(eye, "Bo Archivo").await?;
    let version = eye.org().add_file("Plano.png", PNG).map_err(|e| format!("{e:?}"))?;
    let message = json!({ "type": "image",
        "image": { "salesforce_file_id": version, "caption": "el plano" } });
    eye.send(&format!("+{}", bo.wa_id), "scenario-file", &message).await?;
    check(picture(eye, &bo.id).await? == PNG, "other bytes than the file has")
}

async fn upload_goes(eye: &Eye<'_>) -> Result<(), String> {
    let cy = writer(eye, "Cy Subida").await?;
    let request = Request::post("/media?filename=foto.png")
        .header(header::AUTHORIZATION, format!("Bearer {}", eye.town.api_key))
        .header(header::CONTENT_TYPE, "image/png")
        .body(Body::from(PNG))
        .map_err(|e| e.to_string())?;
    let answer = eye.town.router.clone().oneshot(request).await.map_err(|e| e.to_string())?;
    check(answer.status() == StatusCode::CREATED, format!("POST /media: {}", answer.status()))?;
    let body = to_bytes(answer.into_body(), 1 << 20).await.map_err(|e| e.to_string())?;
    let kept: Value = serde_json::from_slice(&body).map_err(|e| e.to_string())?;
    let to = format!("+{}", cy.wa_id);
    let wrong = json!({ "to": to, "type": "audio", "audio": { "upload_id": kept["id"] } });
    let (status, told) = eye.call(Method::POST, "/send", Some("scenario-wrong"), &wrong).await?;
    check(status == StatusCode::UNPROCESSABLE_ENTITY, format!("a picture as audio: {status}"))?;
    check(told["field"] == "audio.upload_id", format!("the field is named: {told}"))?;
    let message = json!({ "type": "image", "image": { "upload_id": kept["id"] } });
    eye.send(&to, "scenario-upload", &message).await?;
    check(picture(eye, &cy.id).await? == PNG, "other bytes than were uploaded")
}

async fn place_and_card(eye: &Eye<'_>) -> Result<(), String> {
    let di = eye.customer("Di Lugar")?;
    let place = json!({ "type": "location", "latitude": -34.6, "longitude": -58.38,
        "name": "Obelisco", "address": "Av. 9 de Julio" });
    let place = eye.row_of(&says(eye, &di.id, place)?).await?;
    check(place["Location_Name__c"] == "Obelisco", format!("{place}"))?;
    let card = json!({ "type": "contacts", "contacts": [{
        "name": { "formatted_name": "Bo Li", "first_name": "Bo" },
        "phones": [{ "phone": "+54 11 5555" }] }] });
    let card = eye.row_of(&says(eye, &di.id, card)?).await?;
    check(card["Contact_Name__c"] == "Bo Li" && card["Contact_Phone__c"] == "+54 11 5555", "card")
}
