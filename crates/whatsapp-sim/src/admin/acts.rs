//! What customers do.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::handle::Handle;
use crate::{Change, Dirt, NewCustomer, Utterance};

pub type Refusal = (StatusCode, Json<Value>);
pub type Answer = Result<Json<Value>, Refusal>;

pub fn missing(kind: &str, id: &str) -> Refusal {
    (StatusCode::NOT_FOUND, Json(json!({ "error": format!("{kind}: {id} is not there") })))
}

pub fn refused(text: impl std::fmt::Display) -> Refusal {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": text.to_string() })))
}

fn read<T: DeserializeOwned>(body: Value) -> Result<T, Refusal> {
    serde_json::from_value(body).map_err(refused)
}

pub async fn create(State(handle): State<Handle>, Json(body): Json<Value>) -> Answer {
    let customer = handle.customer(read::<NewCustomer>(body)?).map_err(refused)?;
    Ok(Json(json!(customer)))
}

/// The business number; the first one when it is left out.
fn number(handle: &Handle, body: &mut Value) -> Result<String, Refusal> {
    let given = body.as_object_mut().and_then(|keys| keys.remove("number"));
    match given {
        Some(Value::String(id)) => Ok(id),
        _ => handle
            .read(|w| w.numbers.keys().next().cloned())
            .ok_or_else(|| refused("number: there is none")),
    }
}

#[derive(Deserialize)]
struct Tap {
    message: String,
    #[serde(default)]
    index: usize,
}

#[derive(Deserialize)]
struct Edit {
    message: String,
    #[serde(default)]
    body: String,
}

/// `POST /customers/{id}/{act}`; the body of `says` is an utterance such as
/// `{"type":"text","body":"hi"}`, with `number` where there are several.
pub async fn act(
    State(handle): State<Handle>,
    Path((id, act)): Path<(String, String)>,
    Json(mut body): Json<Value>,
) -> Answer {
    if handle.read(|w| !w.customers.contains_key(&id)) {
        return Err(missing("customer", &id));
    }
    let number = number(&handle, &mut body)?;
    let done = |result: Result<(), String>| result.map(|()| json!({ "success": true }));
    let answer = match act.as_str() {
        "says" => {
            let utterance: Utterance = read(body)?;
            handle.says(&id, &number, &utterance).map(|wamid| json!({ "wamid": wamid }))
        }
        "taps" => {
            let tap: Tap = read(body)?;
            handle.taps(&id, &tap.message, tap.index).map(|wamid| json!({ "wamid": wamid }))
        }
        "reads" => Ok(json!({ "read": handle.reads(&id, &number) })),
        "edits" => {
            let edit: Edit = read(body)?;
            done(handle.edits(&id, &edit.message, &edit.body))
        }
        "deletes" => {
            let edit: Edit = read(body)?;
            done(handle.deletes(&id, &edit.message))
        }
        "moves" => {
            let phone: String = read(body["phone"].clone())?;
            done(handle.moves(&id, &phone))
        }
        "prefers" => done(handle.prefers(&id, &number, body["stop"] == true)),
        "online" => {
            handle.comes_online(&id);
            Ok(json!({ "success": true }))
        }
        "dirty" => {
            let dirt: Dirt = read(body["dirt"].clone())?;
            Ok(json!({ "success": handle.dirty(dirt, &id, &number) }))
        }
        other => return Err(missing("act", other)),
    };
    answer.map(Json).map_err(refused)
}

#[derive(Deserialize)]
pub struct Verdict {
    status: String,
    #[serde(default)]
    reason: Option<String>,
}

/// `{"status":"PAUSED"}`: sets a template's status and tells it by webhook.
pub async fn template(
    State(handle): State<Handle>,
    Path(id): Path<String>,
    Json(verdict): Json<Verdict>,
) -> Answer {
    match handle.template_status(&id, &verdict.status, verdict.reason.as_deref()) {
        true => Ok(Json(json!({ "success": true }))),
        false => Err(missing("template", &id)),
    }
}

/// Hands any change over for delivery: fields that have no act of their own.
pub async fn change(State(handle): State<Handle>, Json(body): Json<Value>) -> Answer {
    let change: Change = read(body)?;
    if handle.read(|w| !w.wabas.contains_key(&change.waba_id)) {
        return Err(missing("waba_id", &change.waba_id));
    }
    handle.emit(change);
    Ok(Json(json!({ "success": true })))
}
