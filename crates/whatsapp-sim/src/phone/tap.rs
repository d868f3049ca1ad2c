//! A customer taps what was sent.

use std::sync::Arc;

use serde_json::Value;

use super::inbound::says;
use super::say::{Say, Utterance};
use crate::core::Core;
use crate::state::Message;

/// A customer taps the `index`-th button or row of a message that was sent to it.
pub fn taps(
    core: &Arc<Core>,
    customer_id: &str,
    wamid: &str,
    index: usize,
) -> Result<String, String> {
    let (number_id, say) = {
        let world = core.world.lock();
        let message = world.message(wamid).filter(|m| m.customer_id == customer_id);
        let message = message.ok_or("message: none with this wamid on this phone")?;
        let none = || format!("index: message has no button {index}");
        (message.number_id.clone(), button_of(message, index).ok_or_else(none)?)
    };
    let mut utterance = Utterance::new(say);
    utterance.reply_to = Some(wamid.into());
    says(core, customer_id, &number_id, &utterance)
}

fn button_of(message: &Message, index: usize) -> Option<Say> {
    let text = |value: &Value| value.as_str().map(String::from);
    let content = &message.content;
    if message.template.is_some() {
        let button = content["buttons"].get(index).filter(|b| b["type"] == "QUICK_REPLY")?;
        let title = text(&button["text"])?;
        return Some(Say::Button {
            payload: text(&button["payload"]).unwrap_or_else(|| title.clone()),
            text: title,
        });
    }
    if let Some(button) = content["action"]["buttons"].get(index) {
        let reply = &button["reply"];
        return Some(Say::ButtonReply { id: text(&reply["id"])?, title: text(&reply["title"])? });
    }
    let sections = content["action"]["sections"].as_array()?;
    let mut rows = sections.iter().filter_map(|s| s["rows"].as_array()).flatten();
    let row = rows.nth(index)?;
    Some(Say::ListReply {
        id: text(&row["id"])?,
        title: text(&row["title"])?,
        description: text(&row["description"]),
    })
}
