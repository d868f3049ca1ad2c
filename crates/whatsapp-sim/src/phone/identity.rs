//! A customer changes number or mind.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::scene::Scene;
use crate::core::Core;
use crate::state::{Direction, digits, mint_wamid};
use crate::webhook::{contact, emit, frame};

/// A customer changes the phone number. Every business number with a thread is
/// told by a `system` message from the old number, and by `user_id_update`.
pub fn moves(core: &Arc<Core>, customer_id: &str, phone: &str) -> Result<(), String> {
    digits(phone).ok_or("phone: 7 to 15 digits with country code")?;
    let now_ms = core.now_ms();
    let mut changes = Vec::new();
    {
        let world = &mut *core.world.lock();
        let numbers: BTreeSet<_> = world.thread(customer_id).map(|m| m.number_id.clone()).collect();
        let old = world.change_number(customer_id, phone)?;
        for number_id in numbers {
            let scene = Scene::of(world, customer_id, &number_id)?;
            let new = world.customers[customer_id].clone();
            let (before, after) =
                (&old.bsuids[&scene.business_id], &new.bsuids[&scene.business_id]);
            let wamid = mint_wamid(&old.wa_id, Direction::In, &mut world.seed);
            let body = format!("User {} changed from {} to {}", new.name, old.wa_id, new.wa_id);
            let message = json!({ "from": old.wa_id, "from_user_id": before, "id": wamid,
                "timestamp": (now_ms / 1000).to_string(), "type": "system",
                "system": { "type": "user_changed_number", "body": body,
                    "wa_id": new.wa_id, "user_id": after } });
            let mut value = frame(world, &number_id);
            value["messages"] = json!([message]);
            changes.push(scene.carry("messages", value));
            let mut value = frame(world, &number_id);
            value["contacts"] = json!([contact(&new, &scene.business_id, now_ms)]);
            value["user_id_update"] = json!([{ "wa_id": new.wa_id,
                "detail": "User changed the phone number",
                "user_id": { "previous": before, "current": after },
                "timestamp": (now_ms / 1000).to_string() }]);
            changes.push(scene.carry("user_id_update", value));
        }
    }
    changes.into_iter().for_each(|change| emit(core, change));
    Ok(())
}

/// A customer stops or resumes marketing messages in the app.
pub fn prefers(
    core: &Arc<Core>,
    customer_id: &str,
    number_id: &str,
    stop: bool,
) -> Result<(), String> {
    let now_ms = core.now_ms();
    let change = {
        let world = &mut *core.world.lock();
        let scene = Scene::of(world, customer_id, number_id)?;
        let customer = world.customers.get_mut(customer_id).ok_or("no such customer")?;
        customer.marketing_stopped = stop;
        let customer = customer.clone();
        let word = if stop { "stop" } else { "resume" };
        let mut value = frame(world, number_id);
        value["contacts"] = json!([contact(&customer, &scene.business_id, now_ms)]);
        let mut item = json!({ "user_id": customer.bsuids.get(&scene.business_id),
            "detail": format!("User requested to {word} marketing messages"),
            "category": "marketing_messages", "value": word, "timestamp": now_ms / 1000 });
        if customer.shows_number(&scene.business_id, now_ms) {
            item["wa_id"] = json!(customer.wa_id);
        }
        value["user_preferences"] = json!([item]);
        scene.carry("user_preferences", value)
    };
    emit(core, change);
    Ok(())
}
