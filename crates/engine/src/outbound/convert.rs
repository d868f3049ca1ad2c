//! From what a caller wrote to what we keep and to what Meta gets. Pure.

use model::Purpose;
use model::ids::MediaId;
use serde_json::{Map, Value};
use store::op::TemplateUse;
use whatsapp::limits;
use whatsapp::wire::send::{self, Content, Message};

use super::refusal::Refusal;
use crate::body::{Address, Body, Errand};

/// A message that was read whole and keeps Meta's limits.
pub struct Checked(Message);

impl Checked {
    pub fn kind(&self) -> &'static str {
        self.0.content.kind()
    }

    /// The template that it is, by name and language.
    pub fn template(&self) -> Option<TemplateUse> {
        let Content::Template(template) = &self.0.content else {
            return None;
        };
        let (name, language) = (template.name.clone(), template.language.code.clone());
        Some(TemplateUse { name, language })
    }

    /// Anything but a template needs an open service window.
    pub fn free_form(&self) -> bool {
        !self.0.is_template()
    }

    /// What it is for as far as it says so itself: a template counts as marketing
    /// while its category is not known, so that nobody who opted out is written
    /// to on a guess.
    pub fn purpose(&self) -> Purpose {
        if self.free_form() { Purpose::Service } else { Purpose::Marketing }
    }
}

/// Reads strictly and checks every limit that needs nothing but the message.
pub fn checked(message: &Map<String, Value>) -> Result<Checked, Refusal> {
    let read = Message::read(&Value::Object(message.clone()));
    let problems = match read {
        Ok(message) => match limits::check(&message) {
            Ok(()) => return Ok(Checked(message)),
            Err(problems) => problems,
        },
        Err(problems) => problems,
    };
    let field = problems.first().map_or("type", |p| p.field.as_str());
    let told = |pick: fn(&send::Problem) -> String| {
        problems.iter().map(pick).collect::<Vec<_>>().join("; ")
    };
    Err(Refusal::invalid(
        "puente.invalid_message",
        field,
        told(|p| format!("{}: {}", p.field, p.limit)),
        told(|p| p.cure.clone()),
    ))
}

/// What people are shown of a message of ours.
pub fn body(message: &Map<String, Value>) -> Body {
    let kind = message.get("type").and_then(Value::as_str).unwrap_or_default();
    let at = |path: &str| message.get(kind)?.pointer(path);
    let text = |path: &str| at(path).and_then(Value::as_str).map(str::to_owned);
    let number = |path: &str| match at(path) {
        Some(Value::String(text)) => text.parse().ok(),
        other => other.and_then(Value::as_f64),
    };
    let mut body = Body {
        reply_to: message
            .get("context")
            .and_then(|c| c.get("message_id"))
            .and_then(Value::as_str)
            .map(str::to_owned),
        source: Some(Value::Object(message.clone())),
        ..Body::default()
    };
    match kind {
        "text" => body.text = text("/body"),
        "image" | "video" | "audio" | "document" | "sticker" => {
            body.text = text("/caption");
            body.file_name = text("/filename");
            body.media_id = text("/id");
        }
        "location" => {
            body.latitude = number("/latitude");
            body.longitude = number("/longitude");
            body.text = text("/name").or_else(|| text("/address"));
        }
        "contacts" => body.text = text("/0/name/formatted_name"),
        "reaction" => {
            body.text = text("/emoji");
            body.reply_to = text("/message_id");
        }
        "interactive" => body.text = text("/body/text"),
        "template" => body.template = text("/name"),
        _ => {}
    }
    body
}

/// The file that a row waits for, if it does.
pub fn file(row: &[u8]) -> Option<MediaId> {
    let errand: Errand = serde_json::from_slice(row).ok()?;
    MediaId::parse(errand.media.as_deref()?)
}

/// What is called with: read again from the sealed row, with Meta's id of its
/// file where it has one.
pub fn call(row: &[u8], meta_id: Option<&str>) -> Result<(send::Address, Message), String> {
    let mut errand: Errand = serde_json::from_slice(row).map_err(|e| e.to_string())?;
    if errand.media.is_some() {
        let meta_id = meta_id.ok_or("its file is not at Meta")?;
        let kind = errand.message["type"].as_str().unwrap_or_default().to_owned();
        errand.message[&kind]["id"] = meta_id.into();
    }
    let message = Message::read(&errand.message).map_err(|problems| {
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    })?;
    let address = match &errand.to {
        Address::Phone(digits) => send::Address::phone(digits),
        Address::Bsuid(bsuid) => send::Address::bsuid(bsuid),
    };
    Ok((address.ok_or("the address is neither a phone nor a user id")?, message))
}
