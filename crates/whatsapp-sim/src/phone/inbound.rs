//! A customer writes, and the webhook that tells it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::medium::store;
use super::say::{Say, Utterance};
use super::scene::Scene;
use crate::core::Core;
use crate::graph::webhook_error;
use crate::state::{Direction, Message, Tick, World, mint_wamid};
use crate::webhook::emit;

/// A customer writes to a business number. Answers the wamid.
///
/// The message opens the service window, counts against the number's
/// throughput and, with a referral, begins a free entry point.
pub fn says(
    core: &Arc<Core>,
    customer_id: &str,
    number_id: &str,
    utterance: &Utterance,
) -> Result<String, String> {
    let now_ms = core.now_ms();
    let (wamid, change) = {
        let world = &mut *core.world.lock();
        let scene = Scene::of(world, customer_id, number_id)?;
        let wamid = mint_wamid(&scene.user(), Direction::In, &mut world.seed);
        let (kind, content) = match utterance.say.medium() {
            Some((kind, medium)) => (kind, store(world, number_id, kind, medium, now_ms)?),
            None => utterance.say.wire(),
        };
        let at_s = now_ms / 1000 - utterance.late_s;
        let mut message = scene.message(world, &wamid, kind, at_s, now_ms);
        let mut content = content;
        match &utterance.say {
            Say::Unsupported { .. } => {
                message["errors"] = json!([webhook_error(131051)]);
                message["unsupported"] = content.clone();
            }
            Say::RequestWelcome => {}
            Say::Raw { message: raw } => {
                for (key, value) in raw.as_object().ok_or("message: must be an object")? {
                    message[key] = value.clone();
                }
                content = raw.clone();
            }
            _ => message[kind] = content.clone(),
        }
        if let Some(context) = context(world, utterance, number_id) {
            message["context"] = context;
        }
        if let Some(referral) = &utterance.referral {
            message["referral"] = referral.clone();
        }
        let kind = message["type"].as_str().unwrap_or(kind).to_owned();
        let taken_back = matches!(&utterance.say, Say::Reaction { emoji, .. }
            if emoji.as_deref().unwrap_or_default().is_empty());
        if let Some(customer) = world.customers.get_mut(customer_id) {
            let window = customer.windows.entry(number_id.into()).or_default();
            if !taken_back {
                window.heard_ms = Some(at_s * 1000 + now_ms % 1000);
            }
            if utterance.referral.is_some() {
                window.clicked_ms = Some(now_ms);
            }
        }
        if let Some(number) = world.numbers.get_mut(number_id) {
            number.traffic.note(now_ms);
        }
        world.push_message(Message {
            wamid: wamid.clone(),
            number_id: number_id.into(),
            customer_id: customer_id.into(),
            direction: Direction::In,
            at_ms: at_s * 1000,
            kind,
            content,
            reply_to: utterance.reply_to.clone(),
            by_bsuid: false,
            tracker: None,
            template: None,
            pricing: None,
            tick: Tick::Sent,
            steps: vec![(Tick::Sent, now_ms)],
            error: None,
            deleted: false,
            revision: 0,
        });
        (wamid, scene.change(world, message, now_ms))
    };
    emit(core, change);
    Ok(wamid)
}

fn context(world: &World, utterance: &Utterance, number_id: &str) -> Option<Value> {
    if utterance.frequently_forwarded {
        return Some(json!({ "frequently_forwarded": true }));
    }
    if utterance.forwarded {
        return Some(json!({ "forwarded": true }));
    }
    let id = utterance.reply_to.as_ref()?;
    let quoted = world.message(id);
    let from = match quoted {
        Some(m) if m.direction == Direction::In => {
            world.customers.get(&m.customer_id).map(|c| c.wa_id.clone())
        }
        _ => world.numbers.get(number_id).map(|n| n.digits()),
    };
    Some(json!({ "from": from, "id": id }))
}
