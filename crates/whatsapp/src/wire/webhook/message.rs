//! One message, inbound or echoed (Cloud API, Messages webhook).

use std::fmt;

use model::UnixMs;
use model::ids::Wamid;
use serde_json::Value;

use super::{Content, Context, Party, Referral, WireError};
use crate::wire::lenient::{self, as_time, id};

#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub wamid: Wamid,
    /// The writer. Each handle may be absent; a business-scoped id that Meta
    /// put into `from` stands in its own place.
    pub from: Party,
    /// Whom the business wrote to: only in echoes and history.
    pub to: Option<Party>,
    pub group_id: Option<String>,
    pub at: Option<UnixMs>,
    pub kind: Kind,
    pub content: Content,
    pub context: Option<Context>,
    pub referral: Option<Referral>,
    pub errors: Vec<WireError>,
}

impl Message {
    /// Only a message without an id is refused: nothing could tell it from its
    /// repetition.
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        if !value.is_object() {
            return Err("the message is not an object".into());
        }
        let wamid = id(value, "id").ok_or("id: the message has none")?;
        // Routed echoes wrap the request that was sent to the API.
        let inner = value.get("message").filter(|m| m.is_object());
        let written = inner.filter(|_| value.get("type").is_none()).unwrap_or(value);
        let (kind, content) = Content::read(written);
        let from = Party::read(value, &["from"], &["from_user_id"], &["from_parent_user_id"]);
        let to = Party::read(
            if value.get("to").is_some() { value } else { written },
            &["to"],
            &["to_user_id", "recipient"],
            &["to_parent_user_id"],
        );
        Ok(Self {
            wamid: Wamid::new(wamid),
            from,
            to: Some(to).filter(|p| !p.is_empty()),
            group_id: id(value, "group_id"),
            at: value.get("timestamp").and_then(as_time),
            kind,
            content,
            context: Context::read(written),
            referral: value.get("referral").and_then(lenient::part_of),
            errors: WireError::list(value),
        })
    }

    /// The other side, seen from the business.
    pub fn person(&self) -> &Party {
        self.to.as_ref().unwrap_or(&self.from)
    }
}

/// `messages[].type`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Text,
    Image,
    Video,
    Audio,
    Document,
    Sticker,
    Location,
    Contacts,
    Reaction,
    Button,
    Interactive,
    Order,
    System,
    Edit,
    Revoke,
    Unsupported,
    RequestWelcome,
    /// Only in echoes.
    Template,
    /// Only in history: the file itself may follow.
    MediaPlaceholder,
    /// Any other word, kept; empty when there was none.
    Unknown(String),
}

const WORDS: [(&str, Kind); 19] = [
    ("text", Kind::Text),
    ("image", Kind::Image),
    ("video", Kind::Video),
    ("audio", Kind::Audio),
    ("document", Kind::Document),
    ("sticker", Kind::Sticker),
    ("location", Kind::Location),
    ("contacts", Kind::Contacts),
    ("reaction", Kind::Reaction),
    ("button", Kind::Button),
    ("interactive", Kind::Interactive),
    ("order", Kind::Order),
    ("system", Kind::System),
    ("edit", Kind::Edit),
    ("revoke", Kind::Revoke),
    ("unsupported", Kind::Unsupported),
    ("request_welcome", Kind::RequestWelcome),
    ("template", Kind::Template),
    ("media_placeholder", Kind::MediaPlaceholder),
];

impl Kind {
    pub fn from_wire(word: &str) -> Self {
        let known = WORDS.iter().find(|(known, _)| *known == word);
        known.map_or_else(|| Self::Unknown(word.to_owned()), |(_, kind)| kind.clone())
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Unknown(word) => word,
            known => WORDS.iter().find(|(_, kind)| kind == known).map_or("", |(word, _)| word),
        }
    }

    /// The kind whose part `message` holds, when Meta left out `type`.
    pub(crate) fn of_parts(message: &Value) -> Self {
        let held = WORDS.iter().find(|(word, _)| message.get(word).is_some_and(|p| !p.is_null()));
        held.map_or(Self::Unknown(String::new()), |(_, kind)| kind.clone())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
