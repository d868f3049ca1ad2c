//! Turning knobs: a JSON object is laid over the present state.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::acts::{Answer, missing, refused};
use crate::handle::Handle;

/// Lays `patch` over `target`, key by key; a key of another type is refused.
fn lay<T: Serialize + DeserializeOwned>(target: &mut T, patch: &Value) -> Result<(), String> {
    let mut state = serde_json::to_value(&*target).map_err(|e| e.to_string())?;
    for (key, value) in patch.as_object().ok_or("the body must be an object")? {
        if state.get(key).is_none() {
            return Err(format!("{key}: there is no such key"));
        }
        state[key] = value.clone();
    }
    *target = serde_json::from_value(state).map_err(|e| e.to_string())?;
    Ok(())
}

pub async fn knobs(State(handle): State<Handle>) -> Json<Value> {
    Json(handle.read(|w| json!({ "pace": w.pace, "webhooks": w.webhooks, "rules": w.rules })))
}

/// `{"webhooks":{"batch":50}}`: other knobs stay as they are.
pub async fn set_knobs(State(handle): State<Handle>, Json(body): Json<Value>) -> Answer {
    handle
        .change(|w| {
            for (group, patch) in body.as_object().ok_or("the body must be an object")? {
                match group.as_str() {
                    "pace" => lay(&mut w.pace, patch),
                    "webhooks" => lay(&mut w.webhooks, patch),
                    "rules" => lay(&mut w.rules, patch),
                    other => Err(format!("{other}: use pace, webhooks or rules")),
                }?;
            }
            Ok::<_, String>(())
        })
        .map_err(refused)?;
    Ok(knobs(State(handle)).await)
}

pub async fn customer(
    State(handle): State<Handle>,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Answer {
    if body.get("phone").is_some() || body.get("id").is_some() {
        return Err(refused("id and phone are fixed; POST .../moves changes the number"));
    }
    handle.change(|w| {
        let customer = w.customers.get_mut(&id).ok_or_else(|| missing("customer", &id))?;
        lay(customer, &body).map_err(refused)?;
        Ok(Json(json!(customer)))
    })
}

pub async fn number(
    State(handle): State<Handle>,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Answer {
    handle.change(|w| {
        let number = w.numbers.get_mut(&id).ok_or_else(|| missing("number", &id))?;
        // What is not part of the JSON form lives on.
        let (pairs, traffic) = (number.pairs.clone(), number.traffic.clone());
        lay(number, &body).map_err(refused)?;
        (number.pairs, number.traffic) = (pairs, traffic);
        Ok(Json(json!(number)))
    })
}

pub async fn token(
    State(handle): State<Handle>,
    Path(id): Path<String>,
    Json(body): Json<Value>,
) -> Answer {
    handle.change(|w| {
        let token = w.tokens.get_mut(&id).ok_or_else(|| missing("token", &id))?;
        lay(token, &body).map_err(refused)?;
        Ok(Json(json!(token)))
    })
}
