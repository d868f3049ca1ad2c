//! What we post to Meta: one message object in Meta's own shape (Cloud API,
//! Messages). It is also what a user of our API writes, so reading is strict:
//! an unknown key is refused with its path, because it is a typing error.

mod address;
mod interactive;
mod parts;
mod problem;
mod read;
mod template;

pub use address::Address;
pub use interactive::*;
pub use parts::*;
pub use problem::Problem;
pub use template::*;

use model::ids::Tracker;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

/// One message to send, without its address.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub content: Content,
    /// Quotes a message: `context.message_id`.
    pub reply_to: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Text(Text),
    Image(Captioned),
    Video(Captioned),
    Audio(Audio),
    Document(Document),
    Sticker(File),
    Location(Location),
    Contacts(Vec<Card>),
    Reaction(Reaction),
    Interactive(Box<Interactive>),
    Template(Box<Template>),
}

impl Content {
    pub const KINDS: [&str; 11] = [
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "reaction",
        "interactive",
        "template",
    ];

    /// Meta's word for it: `type`, and the key of the part.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Image(_) => "image",
            Self::Video(_) => "video",
            Self::Audio(_) => "audio",
            Self::Document(_) => "document",
            Self::Sticker(_) => "sticker",
            Self::Location(_) => "location",
            Self::Contacts(_) => "contacts",
            Self::Reaction(_) => "reaction",
            Self::Interactive(_) => "interactive",
            Self::Template(_) => "template",
        }
    }

    fn part(&self) -> Result<Value, serde_json::Error> {
        match self {
            Self::Text(part) => serde_json::to_value(part),
            Self::Image(part) | Self::Video(part) => serde_json::to_value(part),
            Self::Audio(part) => serde_json::to_value(part),
            Self::Document(part) => serde_json::to_value(part),
            Self::Sticker(part) => serde_json::to_value(part),
            Self::Location(part) => serde_json::to_value(part),
            Self::Contacts(part) => serde_json::to_value(part),
            Self::Reaction(part) => serde_json::to_value(part),
            Self::Interactive(part) => serde_json::to_value(part),
            Self::Template(part) => serde_json::to_value(part),
        }
    }
}

impl Message {
    pub fn text(body: impl Into<String>) -> Self {
        let text = Text { body: body.into(), preview_url: None };
        Self { content: Content::Text(text), reply_to: None }
    }

    /// Whether it may be sent outside the service window.
    pub const fn is_template(&self) -> bool {
        matches!(self.content, Content::Template(_))
    }

    /// Reads `{"type": ..., "<type>": {...}, "context"?: {"message_id": ...}}`.
    /// Every problem names the field, what holds there, and the cure.
    pub fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        read::message(value)
    }

    /// The message object alone, as [`Message::read`] takes it.
    pub fn to_value(&self) -> Value {
        // Strings, numbers, lists and objects with text keys always serialise;
        // a number that JSON cannot hold becomes null, which Meta refuses.
        let part = self.content.part().unwrap_or(Value::Null);
        let mut object = Map::new();
        object.insert("type".into(), self.content.kind().into());
        object.insert(self.content.kind().into(), part);
        if let Some(wamid) = &self.reply_to {
            object.insert("context".into(), json!({ "message_id": wamid }));
        }
        Value::Object(object)
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(to)
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::read(&Value::deserialize(from)?).map_err(|problems| {
            let all: Vec<_> = problems.iter().map(ToString::to_string).collect();
            serde::de::Error::custom(all.join("; "))
        })
    }
}

/// The whole body of `POST /{phone_number_id}/messages`. The tracker comes back
/// in every status of this message.
pub fn request_body(address: &Address, message: &Message, tracker: &Tracker) -> Value {
    let mut body = message.to_value();
    body["messaging_product"] = "whatsapp".into();
    body["recipient_type"] = "individual".into();
    match address {
        Address::To(phone) => body["to"] = phone.as_str().into(),
        Address::Recipient(bsuid) => body["recipient"] = bsuid.as_str().into(),
    }
    body["biz_opaque_callback_data"] = tracker.to_string().into();
    body
}
