//! Meta's message into what we keep. Pure and boring.

use serde_json::Value;
use whatsapp::wire::webhook::{Content, Item, Media, Message, Reply};

use crate::body::Body;

pub fn body(item: &Item, message: &Message) -> Body {
    let mut body = Body {
        wamid: Some(message.wamid.to_string()),
        reply_to: message.context.as_ref().and_then(|c| c.id.as_ref()).map(ToString::to_string),
        source: serde_json::from_str(item.raw.get()).ok(),
        ..Body::default()
    };
    if let Some(referral) = &message.referral {
        body.referral_source_id = referral.source_id.clone();
        body.referral_click_id = referral.ctwa_clid.clone();
    }
    if let Some(error) = message.errors.first() {
        body.error_code = error.code.map(|code| format!("wa.{code}"));
        body.error_text = error.details.clone().or_else(|| error.title.clone());
    }
    content(&mut body, &message.content);
    body
}

fn content(body: &mut Body, content: &Content) {
    match content {
        Content::Text(text) => body.text = Some(text.clone()),
        Content::Media(part) => media(body, part),
        Content::Location(place) => {
            body.latitude = place.latitude;
            body.longitude = place.longitude;
            body.text = joined([place.name.as_deref(), place.address.as_deref()], "\n");
        }
        Content::Contacts(cards) => {
            let names = cards
                .iter()
                .map(|card| card.parts.name.as_ref().and_then(|n| n.formatted_name.as_deref()));
            body.text = joined(names, ", ");
        }
        Content::Reaction(reaction) => {
            body.reply_to = Some(reaction.target.to_string());
            body.text = reaction.emoji.clone();
        }
        Content::Button(button) => {
            body.reply_id = button.payload.clone();
            body.text = button.text.clone();
        }
        Content::Reply(answer) => reply(body, answer),
        Content::Order(order) => body.text = order.text.clone(),
        Content::System(system) => body.text = system.body.clone(),
        Content::Edit(edit) => {
            body.reply_to = Some(edit.original.to_string());
            self::content(body, &edit.content);
        }
        Content::Revoke { original } => body.reply_to = Some(original.to_string()),
        Content::Unsupported { kind } => body.text = kind.clone(),
        Content::RequestWelcome => {}
        Content::Other(Value::String(text)) => body.text = Some(text.clone()),
        Content::Other(_) => {}
    }
}

fn media(body: &mut Body, part: &Media) {
    body.media_id = part.id.clone();
    body.mime_type = part.mime_type.clone();
    body.file_name = part.filename.clone();
    body.text = part.caption.clone();
}

fn reply(body: &mut Body, answer: &Reply) {
    body.reply_id = answer.id.clone();
    body.text = answer.title.clone();
}

fn joined<'a>(parts: impl IntoIterator<Item = Option<&'a str>>, by: &str) -> Option<String> {
    let there: Vec<_> = parts.into_iter().flatten().filter(|p| !p.is_empty()).collect();
    (!there.is_empty()).then(|| there.join(by))
}
