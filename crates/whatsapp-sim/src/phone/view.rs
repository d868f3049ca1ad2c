//! What a phone shows: for the demo page, and for tests in any language.

use serde_json::{Value, json};

use crate::state::World;

/// Messages of a customer that changed after revision `after`, oldest first,
/// with the cursor to ask from next, and the numbers that are typing.
pub fn view(world: &World, customer_id: &str, after: u64, now_ms: i64) -> Option<Value> {
    let customer = world.customers.get(customer_id)?;
    let messages: Vec<_> = world.thread(customer_id).filter(|m| m.revision > after).collect();
    let typing: Vec<_> = world
        .numbers
        .values()
        .filter(|n| n.typing.get(customer_id).is_some_and(|until| *until > now_ms))
        .map(|n| &n.id)
        .collect();
    Some(json!({
        "customer": customer, "messages": messages, "typing": typing,
        "cursor": world.revision(),
    }))
}
