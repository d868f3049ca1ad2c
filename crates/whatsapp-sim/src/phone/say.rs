//! What a customer can say, in all the ways the app offers.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One message of a customer, and what hangs on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Utterance {
    #[serde(flatten)]
    pub say: Say,
    /// The wamid it answers.
    #[serde(default)]
    pub reply_to: Option<String>,
    #[serde(default)]
    pub forwarded: bool,
    #[serde(default)]
    pub frequently_forwarded: bool,
    /// The ad it came from: `source_id`, `source_url`, `ctwa_clid`, ...
    #[serde(default)]
    pub referral: Option<Value>,
    /// Seconds to date it back by.
    #[serde(default)]
    pub late_s: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Say {
    Text {
        body: String,
    },
    Image(Medium),
    Video(Medium),
    Audio(Medium),
    Document(Medium),
    Sticker(Medium),
    Location {
        latitude: f64,
        longitude: f64,
        #[serde(default)]
        name: Option<String>,
        #[serde(default)]
        address: Option<String>,
    },
    /// The items of `contacts`, as on the wire.
    Contacts {
        contacts: Value,
    },
    /// Without an emoji the reaction is taken back.
    Reaction {
        message_id: String,
        #[serde(default)]
        emoji: Option<String>,
    },
    /// A template's quick-reply button.
    Button {
        payload: String,
        text: String,
    },
    ButtonReply {
        id: String,
        title: String,
    },
    ListReply {
        id: String,
        title: String,
        #[serde(default)]
        description: Option<String>,
    },
    /// A flow's or an address form's answer; `response` becomes JSON text.
    Form {
        #[serde(default = "flow")]
        name: String,
        response: Value,
    },
    Order {
        catalog_id: String,
        product_items: Value,
    },
    Unsupported {
        #[serde(default)]
        kind: Option<String>,
    },
    RequestWelcome,
    /// Any message, merged over the common keys.
    Raw {
        message: Value,
    },
}

fn flow() -> String {
    "flow".into()
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Medium {
    /// Else one that fits the kind.
    pub mime_type: Option<String>,
    /// Else this many bytes of noise behind the kind's first bytes.
    pub base64: Option<String>,
    pub size: Option<usize>,
    pub caption: Option<String>,
    pub filename: Option<String>,
    /// A voice message rather than a file.
    pub voice: bool,
    pub animated: bool,
}

impl Utterance {
    pub fn new(say: Say) -> Self {
        Self {
            say,
            reply_to: None,
            forwarded: false,
            frequently_forwarded: false,
            referral: None,
            late_s: 0,
        }
    }

    pub fn text(body: impl Into<String>) -> Self {
        Self::new(Say::Text { body: body.into() })
    }
}

impl Say {
    /// The medium and the kind under which it travels.
    pub fn medium(&self) -> Option<(&'static str, &Medium)> {
        Some(match self {
            Self::Image(medium) => ("image", medium),
            Self::Video(medium) => ("video", medium),
            Self::Audio(medium) => ("audio", medium),
            Self::Document(medium) => ("document", medium),
            Self::Sticker(medium) => ("sticker", medium),
            _ => return None,
        })
    }

    /// Type and content on the wire, media apart.
    pub fn wire(&self) -> (&'static str, Value) {
        match self {
            Self::Text { body } => ("text", json!({ "body": body })),
            Self::Location { latitude, longitude, name, address } => {
                let mut place = json!({ "latitude": latitude, "longitude": longitude });
                put(&mut place, "name", name);
                put(&mut place, "address", address);
                ("location", place)
            }
            Self::Contacts { contacts } => ("contacts", contacts.clone()),
            Self::Reaction { message_id, emoji } => {
                let mut reaction = json!({ "message_id": message_id });
                put(&mut reaction, "emoji", emoji);
                ("reaction", reaction)
            }
            Self::Button { payload, text } => {
                ("button", json!({ "payload": payload, "text": text }))
            }
            Self::ButtonReply { id, title } => {
                let reply = json!({ "id": id, "title": title });
                ("interactive", json!({ "type": "button_reply", "button_reply": reply }))
            }
            Self::ListReply { id, title, description } => {
                let mut reply = json!({ "id": id, "title": title });
                put(&mut reply, "description", description);
                ("interactive", json!({ "type": "list_reply", "list_reply": reply }))
            }
            Self::Form { name, response } => {
                let reply = json!({ "name": name, "body": "Sent",
                    "response_json": response.to_string() });
                ("interactive", json!({ "type": "nfm_reply", "nfm_reply": reply }))
            }
            Self::Order { catalog_id, product_items } => {
                ("order", json!({ "catalog_id": catalog_id, "product_items": product_items }))
            }
            Self::Unsupported { kind } => {
                let mut content = json!({});
                put(&mut content, "type", kind);
                ("unsupported", content)
            }
            Self::RequestWelcome => ("request_welcome", Value::Null),
            Self::Raw { .. } => ("raw", Value::Null),
            Self::Image(_)
            | Self::Video(_)
            | Self::Audio(_)
            | Self::Document(_)
            | Self::Sticker(_) => ("media", Value::Null),
        }
    }
}

fn put(object: &mut Value, key: &str, value: &Option<String>) {
    if let Some(value) = value {
        object[key] = json!(value);
    }
}
