//! What a message says, by its type. A part that is absent or has another
//! shape than expected is kept as it came: the message still counts.

use model::ids::Wamid;
use serde_json::Value;

use super::{Context, Kind};
use crate::wire::lenient::{self, as_int, as_text, id};
use crate::wire::shape::shape;

mod card;
mod order;

pub use card::{Card, CardAddress, CardEmail, CardName, CardOrg, CardParts, CardPhone, CardUrl};
pub use order::{Order, OrderLine};

#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Text(String),
    /// Image, video, audio, document, sticker.
    Media(Media),
    Location(Location),
    Contacts(Vec<Card>),
    Reaction(Reaction),
    /// A tap on a quick-reply button of a template.
    Button(Button),
    /// A tap in, or an answer to, an interactive message.
    Reply(Reply),
    Order(Order),
    System(System),
    Edit(Box<Edit>),
    Revoke {
        original: Wamid,
    },
    /// WhatsApp could not pass it on; `kind` is what it was, when told.
    Unsupported {
        kind: Option<String>,
    },
    RequestWelcome,
    /// Any other: the part under the type's key, or null.
    Other(Value),
}

impl Content {
    pub(crate) fn read(message: &Value) -> (Kind, Self) {
        let kind = match id(message, "type") {
            Some(word) => Kind::from_wire(&word),
            None => Kind::of_parts(message),
        };
        let part = message.get(kind.as_str()).unwrap_or(&Value::Null);
        let mut content = Self::of_kind(&kind, part).unwrap_or_else(|| Self::Other(part.clone()));
        if let Content::Contacts(cards) = &mut content {
            // Meta's page puts it beside the cards, its webhooks also inside.
            let origin = id(message, "origin");
            cards.iter_mut().for_each(|card| card.origin = card.origin.take().or(origin.clone()));
        }
        (kind, content)
    }

    fn of_kind(kind: &Kind, part: &Value) -> Option<Self> {
        Some(match kind {
            Kind::Text => Self::Text(part.get("body").and_then(as_text)?),
            Kind::Image | Kind::Video | Kind::Audio | Kind::Document | Kind::Sticker => {
                Self::Media(lenient::part_of(part)?)
            }
            Kind::Location => Self::Location(Location::read(part)?),
            Kind::Contacts => Self::Contacts(part.as_array()?.iter().map(Card::read).collect()),
            Kind::Reaction => Self::Reaction(Reaction::read(part)?),
            Kind::Button => Self::Button(lenient::part_of(part)?),
            Kind::Interactive => Self::Reply(Reply::read(part)?),
            Kind::Order => Self::Order(lenient::part_of(part)?),
            Kind::System => Self::System(System::read(part)?),
            Kind::Edit => Self::Edit(Box::new(Edit::read(part)?)),
            Kind::Revoke => {
                Self::Revoke { original: id(part, "original_message_id").map(Wamid::new)? }
            }
            Kind::Unsupported => Self::Unsupported { kind: id(part, "type") },
            Kind::RequestWelcome => Self::RequestWelcome,
            Kind::Template | Kind::MediaPlaceholder | Kind::Unknown(_) => return None,
        })
    }
}

shape! {
    /// A file. `id` lives seven days after a webhook, `url` minutes.
    Media {
        text {
            id,
            mime_type,
            /// Base64 or hexadecimal; see [`crate::wire::media::digest_bytes`].
            sha256,
            caption,
            filename,
            /// Needs the bearer token, as every media URL does.
            url,
            /// Only in echoes: where the business had the file fetched from.
            link,
        }
        flag {
            /// Recorded in the chat, not attached.
            voice,
            animated,
        }
    }
    /// Degrees.
    Location {
        text { name, address, url }
        real { latitude, longitude }
    }
    /// A tap on a quick-reply button of a template.
    Button {
        text { payload, text }
    }
}

impl Location {
    fn read(part: &Value) -> Option<Self> {
        lenient::part_of(part).filter(|l: &Self| l.latitude.is_some() && l.longitude.is_some())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    pub target: Wamid,
    /// `None` when the reaction was taken back.
    pub emoji: Option<String>,
}

impl Reaction {
    fn read(part: &Value) -> Option<Self> {
        Some(Self { target: Wamid::new(id(part, "message_id")?), emoji: id(part, "emoji") })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyKind {
    Button,
    List,
    /// A form: a Flow, or an address.
    Form,
    CallPermission,
    Unknown(String),
}

/// `interactive`: which button, row or form was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub kind: ReplyKind,
    /// Id of the button or row; the name (`flow`, `address_message`) of a form;
    /// `accept` or `reject` of a call permission.
    pub id: Option<String>,
    /// Title of the button or row; the line that WhatsApp shows for a form.
    pub title: Option<String>,
    pub description: Option<String>,
    /// What the form holds: JSON as text, usually an object.
    pub response_json: Option<String>,
    /// When a call permission ends, unix seconds; `None` when permanent.
    pub expires_at_s: Option<i64>,
}

impl Reply {
    fn read(part: &Value) -> Option<Self> {
        let word = id(part, "type")?;
        let held = part.get(&word).filter(|p| p.is_object())?;
        let (kind, id_key, title_key) = match word.as_str() {
            "button_reply" => (ReplyKind::Button, "id", "title"),
            "list_reply" => (ReplyKind::List, "id", "title"),
            "nfm_reply" => (ReplyKind::Form, "name", "body"),
            "call_permission_reply" => (ReplyKind::CallPermission, "response", "response_source"),
            _ => (ReplyKind::Unknown(word.clone()), "id", "title"),
        };
        Some(Self {
            kind,
            id: held.get(id_key).and_then(as_text),
            title: held.get(title_key).and_then(as_text),
            description: held.get("description").and_then(as_text),
            response_json: held.get("response_json").map(|json| match json {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            }),
            expires_at_s: held.get("expiration_timestamp").and_then(as_int),
        })
    }
}

/// WhatsApp tells about the person: a new number, a new id, a new device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// `user_changed_number`, `user_changed_user_id`, `customer_identity_changed`;
    /// the older `customer_changed_number` is read as the first.
    pub kind: String,
    pub body: Option<String>,
    pub wa_id: Option<String>,
    pub bsuid: Option<String>,
    pub parent_bsuid: Option<String>,
    /// New hash of the identity key.
    pub identity_hash: Option<String>,
}

impl System {
    fn read(part: &Value) -> Option<Self> {
        let word = id(part, "type")?;
        let new =
            super::Party::read(part, &["wa_id", "new_wa_id"], &["user_id"], &["parent_user_id"]);
        Some(Self {
            kind: if word == "customer_changed_number" {
                "user_changed_number".into()
            } else {
                word
            },
            body: id(part, "body"),
            wa_id: new.wa_id,
            bsuid: new.bsuid,
            parent_bsuid: new.parent_bsuid,
            identity_hash: part.get("identity").and_then(|i| as_text(i).or_else(|| id(i, "hash"))),
        })
    }
}

/// The writer changed a message within fifteen minutes.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub original: Wamid,
    pub kind: Kind,
    pub content: Content,
    pub context: Option<Context>,
}

impl Edit {
    fn read(part: &Value) -> Option<Self> {
        let original = Wamid::new(id(part, "original_message_id")?);
        let inner = part.get("message").filter(|m| m.is_object())?;
        // An edit of an edit does not exist; read as unknown it cannot nest.
        let (kind, content) = match id(inner, "type").as_deref() {
            Some("edit") => (Kind::Edit, Content::Other(inner.clone())),
            _ => Content::read(inner),
        };
        Some(Self { original, kind, content, context: Context::read(inner) })
    }
}
