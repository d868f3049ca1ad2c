//! `health_status`: what could keep a message from being sent.

use serde_json::{Value, json};

use super::error::title;
use crate::state::{Number, Waba, World};

pub fn of_number(world: &World, number: &Number) -> Value {
    let mut entities = Vec::new();
    let code = match number.registered {
        true => number.refusal,
        false => Some(133010),
    };
    entities.push(entity("PHONE_NUMBER", &number.id, code));
    let waba = world.wabas.get(&number.waba_id);
    waba.into_iter().for_each(|waba| account(world, waba, &mut entities));
    overall(entities)
}

pub fn of_waba(world: &World, waba: &Waba) -> Value {
    let mut entities = Vec::new();
    account(world, waba, &mut entities);
    overall(entities)
}

fn account(world: &World, waba: &Waba, entities: &mut Vec<Value>) {
    entities.push(entity("WABA", &waba.id, None));
    entities.push(entity("BUSINESS", &waba.business_id, None));
    let apps = waba.subscribed.keys().filter(|id| world.apps.contains_key(*id));
    entities.extend(apps.map(|id| entity("APP", id, None)));
}

fn entity(kind: &str, id: &str, code: Option<u32>) -> Value {
    match code {
        None => json!({ "entity_type": kind, "id": id, "can_send_message": "AVAILABLE" }),
        Some(code) => json!({
            "entity_type": kind, "id": id, "can_send_message": "BLOCKED",
            "errors": [{ "error_code": code, "error_description": title(code),
                "possible_solution": "See the page of this error code." }],
        }),
    }
}

/// The worst entity decides.
fn overall(entities: Vec<Value>) -> Value {
    let blocked = entities.iter().any(|e| e["can_send_message"] == "BLOCKED");
    let worst = if blocked { "BLOCKED" } else { "AVAILABLE" };
    json!({ "can_send_message": worst, "entities": entities })
}
