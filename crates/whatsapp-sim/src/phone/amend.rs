//! A customer changes or takes back what was said.

use std::sync::Arc;

use serde_json::{Value, json};

use super::scene::Scene;
use crate::core::Core;
use crate::graph::webhook_error;
use crate::state::{Direction, Throughput, mint_wamid};
use crate::webhook::emit;

/// A customer edits a text. Coexistence numbers are told as `edit`, all others
/// see an unsupported message.
pub fn edits(core: &Arc<Core>, customer_id: &str, wamid: &str, body: &str) -> Result<(), String> {
    let (number_id, coexists) = own(core, customer_id, wamid)?;
    core.world.lock().alter(wamid, |message| message.content = json!({ "body": body }));
    let message = match coexists {
        true => json!({ "type": "edit", "edit": { "original_message_id": wamid,
            "message": { "context": {}, "type": "text", "text": { "body": body } } } }),
        false => json!({ "type": "unsupported", "unsupported": { "type": "edit" },
            "errors": [webhook_error(131051)] }),
    };
    tell(core, customer_id, &number_id, message)
}

/// A customer deletes a message for everyone. Only coexistence numbers are told.
pub fn deletes(core: &Arc<Core>, customer_id: &str, wamid: &str) -> Result<(), String> {
    let (number_id, coexists) = own(core, customer_id, wamid)?;
    core.world.lock().alter(wamid, |message| message.deleted = true);
    if !coexists {
        return Ok(());
    }
    let message = json!({ "type": "revoke", "revoke": { "original_message_id": wamid } });
    tell(core, customer_id, &number_id, message)
}

fn own(core: &Arc<Core>, customer_id: &str, wamid: &str) -> Result<(String, bool), String> {
    let world = core.world.lock();
    let message = world.message(wamid);
    let message = message.filter(|m| m.customer_id == customer_id && m.direction == Direction::In);
    let number_id = message.ok_or("message: not one of this customer's")?.number_id.clone();
    let throughput = world.numbers.get(&number_id).map(|n| n.throughput);
    Ok((number_id, throughput == Some(Throughput::Coexistence)))
}

/// A webhook about the thread that is no message on the phone.
fn tell(core: &Arc<Core>, customer_id: &str, number_id: &str, keys: Value) -> Result<(), String> {
    let now_ms = core.now_ms();
    let change = {
        let world = &mut *core.world.lock();
        let scene = Scene::of(world, customer_id, number_id)?;
        let wamid = mint_wamid(&scene.user(), Direction::In, &mut world.seed);
        let mut message = scene.message(world, &wamid, "text", now_ms / 1000, now_ms);
        for (key, value) in keys.as_object().into_iter().flatten() {
            message[key] = value.clone();
        }
        scene.change(world, message, now_ms)
    };
    emit(core, change);
    Ok(())
}
