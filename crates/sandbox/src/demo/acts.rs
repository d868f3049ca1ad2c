//! What people do on the page.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::{Caller, SendRequest};
use model::ids::{ConversationId, KeyId};
use serde::Deserialize;
use serde_json::json;
use store::Class;
use whatsapp_sim::{Config, Utterance};

use super::Demo;

/// What the phone sends as a picture.
const PICTURE: &[u8] = include_bytes!("picture.png");

#[derive(Deserialize)]
pub struct Sending {
    kind: String,
    text: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

pub async fn send(
    State(demo): State<Arc<Demo>>,
    Path(customer): Path<String>,
    Json(sending): Json<Sending>,
) -> Response {
    let said = match sending.kind.as_str() {
        "text" => json!({ "type": "text", "body": sending.text.unwrap_or_default() }),
        "image" => json!({
            "type": "image", "caption": sending.text,
            "mime_type": "image/png", "base64": STANDARD.encode(PICTURE),
        }),
        "location" => json!({
            "type": "location", "name": sending.text,
            "latitude": sending.latitude, "longitude": sending.longitude,
        }),
        _ => {
            return problem(StatusCode::UNPROCESSABLE_ENTITY, "kind: text, location or image", "");
        }
    };
    let said: Utterance = match serde_json::from_value(said) {
        Ok(said) => said,
        Err(why) => return problem(StatusCode::UNPROCESSABLE_ENTITY, &why.to_string(), ""),
    };
    match demo.phones.says(&customer, demo.number.as_str(), &said) {
        Ok(wamid) => Json(json!({ "wamid": wamid })).into_response(),
        Err(why) => problem(StatusCode::UNPROCESSABLE_ENTITY, &why, ""),
    }
}

pub async fn read(State(demo): State<Arc<Demo>>, Path(customer): Path<String>) -> Response {
    let read = demo.phones.reads(&customer, demo.number.as_str());
    Json(json!({ "read": read })).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    text: String,
    /// A record id or a key of `Puente_Conversation__c`.
    conversation_id: Option<String>,
    customer_id: Option<String>,
}

/// An agent answers: the same desk that `POST /send` stands at.
pub async fn reply(State(demo): State<Arc<Demo>>, Json(reply): Json<Reply>) -> Response {
    let to = match (&reply.conversation_id, &reply.customer_id) {
        (Some(id), _) => of_conversation(&demo, id).await,
        (None, Some(id)) => of_customer(&demo, id),
        (None, None) => None,
    };
    let Some(to) = to else {
        return problem(StatusCode::NOT_FOUND, "nobody to answer", "choose a conversation");
    };
    let text = json!({ "type": "text", "text": { "body": reply.text } });
    let request = SendRequest {
        number: None,
        to,
        class: Class::Live,
        reference: None,
        message: text.as_object().cloned().unwrap_or_default(),
    };
    let key = KeyId::new(&demo.desk.ambient);
    let caller = Caller { tenant: demo.tenant.clone(), key, acting_user: None };
    match demo.desk.accept(&caller, &format!("demo-{key}"), request).await {
        Ok(accepted) => (StatusCode::ACCEPTED, Json(json!({ "id": accepted.outbox.to_string() })))
            .into_response(),
        Err(why) => problem(StatusCode::UNPROCESSABLE_ENTITY, &why.cause, &why.cure),
    }
}

async fn of_conversation(demo: &Demo, id: &str) -> Option<String> {
    let key = match ConversationId::parse(id) {
        Some(key) => key,
        None => ConversationId::parse(demo.org.row(id)?["Key__c"].as_str()?)?,
    };
    let found = demo.store.conversations(&demo.tenant, &[key]).await.ok()?;
    found.first().map(|c| c.person.to_string())
}

fn of_customer(demo: &Demo, id: &str) -> Option<String> {
    demo.phones.read(|world| {
        let customer = world.customers.get(id)?;
        if customer.hidden {
            customer.bsuids.get(Config::BUSINESS).cloned()
        } else {
            Some(format!("+{}", customer.wa_id))
        }
    })
}

pub fn problem(status: StatusCode, detail: &str, cure: &str) -> Response {
    let body = json!({ "title": status.canonical_reason(), "detail": detail, "cure": cure });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
