//! `GET /{PHONE_ID}/message_history`: the steps of one message, for repairs.

use std::sync::Arc;

use serde_json::json;

use super::auth::{self, MESSAGING};
use super::{Call, Replied, Reply, Wrong};
use crate::core::Core;
use crate::state::Tick;

pub fn list(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let world = &mut *core.world.lock();
    let number_id = auth::number(world, call, &token, MESSAGING)?.id.clone();
    let Some(wamid) = call.query.get("message_id") else {
        return Err(Wrong::graph(100, None, "The parameter message_id is required."));
    };
    let message = world.message(wamid).filter(|m| m.number_id == number_id);
    let data = message.map(|m| {
        let word = |tick: Tick| tick.word().to_uppercase();
        let events: Vec<_> = m
            .steps
            .iter()
            .map(|(tick, at)| {
                json!({ "delivery_status": word(*tick), "timestamp": at / 1000,
                "webhook_update_state": "DELIVERED", "application": { "id": token.app_id } })
            })
            .collect();
        json!({ "id": m.revision.to_string(), "message_id": m.wamid, "events": { "data": events } })
    });
    Ok(Reply::json(json!({ "data": data.into_iter().collect::<Vec<_>>() })))
}
