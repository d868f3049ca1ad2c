//! `POST /{PHONE_ID}/messages`: checked in Meta's order, then taken.

use std::sync::Arc;

use serde_json::json;

use super::auth::{self, MESSAGING};
use super::{Call, Replied, Reply, Wrong, accept};
use crate::check::{At, Recipient, fill, read_frame};
use crate::core::Core;
use crate::phone::depart;
use crate::state::{Direction, Template, Tick, World};

const TYPING_MS: i64 = 25_000;

/// Token, permission, number, body keys, limits, rate, template; in this order.
pub fn send(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let now_ms = core.now_ms();
    let (body, departing) = {
        let world = &mut *core.world.lock();
        let number = auth::number(world, call, &token, MESSAGING)?;
        if let Some(code) = number.refusal {
            return Err(Wrong::new(code));
        }
        if !number.registered {
            return Err(Wrong::new(133010));
        }
        let (number_id, waba_id) = (number.id.clone(), number.waba_id.clone());
        let frame = read_frame(&call.body)?;
        let business = world.business_of(&number_id).map(|b| b.id.clone()).unwrap_or_default();
        let to = accept::find(world, &number_id, &business, &frame.recipient, now_ms)?;
        accept::media_exists(world, &number_id, &frame, now_ms)?;
        accept::pace(world, &number_id, &to, now_ms)?;
        let template = match frame.kind.word() {
            "template" => Some(find_template(world, &waba_id, call)?),
            _ => None,
        };
        let marketing = call.op() == "marketing_messages.send";
        if marketing && template.as_ref().is_none_or(|t| t.category != "MARKETING") {
            return Err(Wrong::new(if template.is_none() { 134100 } else { 131055 }));
        }
        let filled = match &template {
            Some(template) => {
                if template.category == "AUTHENTICATION"
                    && matches!(frame.recipient, Recipient::Bsuid(_))
                {
                    return Err(Wrong::new(131062));
                }
                Some(fill(template, &frame.content)?)
            }
            None => None,
        };
        accept::take(world, &number_id, &business, frame, to, template, filled, now_ms)?
    };
    if let Some((wamid, fate)) = departing {
        depart(core, wamid, fate);
    }
    Ok(Reply::json(body))
}

/// The approved template of this name and language; there is no fallback.
fn find_template(world: &World, waba_id: &str, call: &Call) -> Result<Template, Wrong> {
    let at = At::new(&call.body["template"], "template");
    let name = at.need_sized("name", 1, 512)?;
    let language = at.need("language")?.need("code")?.text()?;
    let found = world
        .templates
        .values()
        .find(|t| t.waba_id == waba_id && t.name == name && t.language == language);
    match found.map(|t| (t, t.status.as_str())) {
        Some((template, "APPROVED")) => Ok(template.clone()),
        Some((_, "PAUSED")) => Err(Wrong::new(132015)),
        Some((_, "DISABLED")) => Err(Wrong::new(132016)),
        _ => {
            let details = format!("template name ({name}) does not exist in {language}");
            Err(Wrong::with(132001, details))
        }
    }
}

/// `status: read`, with or without the typing indicator: marks the message and
/// all earlier ones of the thread.
pub fn read(core: &Arc<Core>, call: &Call) -> Replied {
    let token = auth::token(core, call)?;
    let now_ms = core.now_ms();
    let world = &mut *core.world.lock();
    let number_id = auth::number(world, call, &token, MESSAGING)?.id.clone();
    if call.body["messaging_product"] != "whatsapp" {
        return Err(Wrong::graph(100, None, "The parameter messaging_product is required."));
    }
    if call.body["status"] != "read" {
        return Err(Wrong::with(100, "Param status must be \"read\"."));
    }
    let body = At::new(&call.body, "message");
    let id = body.need("message_id")?;
    let known = world.message(id.text()?).filter(|m| m.number_id == number_id);
    let Some(message) = known.filter(|m| m.direction == Direction::In) else {
        return Err(id.invalid("is not a message that this number received"));
    };
    let customer_id = message.customer_id.clone();
    if let Some(typing) = body.get("typing_indicator") {
        if typing.need("type")?.text()? != "text" {
            return Err(typing.invalid("must be of type text"));
        }
        if let Some(number) = world.numbers.get_mut(&number_id) {
            number.typing.insert(customer_id.clone(), now_ms + TYPING_MS);
        }
    }
    let mut unread = Vec::new();
    for message in world.thread(&customer_id).filter(|m| m.number_id == number_id) {
        if message.direction == Direction::In && message.tick < Tick::Read {
            unread.push(message.wamid.clone());
        }
        if *id.value == message.wamid {
            break;
        }
    }
    for wamid in unread {
        world.alter(&wamid, |message| {
            message.tick = Tick::Read;
            message.steps.push((Tick::Read, now_ms));
        });
    }
    Ok(Reply::json(json!({ "success": true })))
}
