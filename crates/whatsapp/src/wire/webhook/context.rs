//! What a message answers, and the advertisement a thread began with.

use model::ids::Wamid;
use serde_json::Value;

use crate::wire::lenient::{self, id};
use crate::wire::shape::shape;

/// `messages[].context`. Flags of forwarding come without an id; the quoted
/// message may be one that we never saw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// Who wrote the quoted message: digits, or a business-scoped id.
    pub from: Option<String>,
    pub id: Option<Wamid>,
    /// Forwarded up to five times.
    pub forwarded: bool,
    /// Forwarded more often.
    pub frequently_forwarded: bool,
    pub product: Option<Product>,
}

shape! {
    /// A product of the catalogue that the message asks about.
    Product {
        text { catalog_id, product_retailer_id }
    }
    /// `messages[].referral`: the thread began with a click on an advertisement.
    Referral {
        text {
            /// `ad` or `post`.
            source_type,
            source_id,
            source_url,
            headline,
            body,
            media_type,
            image_url,
            video_url,
            thumbnail_url,
            /// Click id, for reporting conversions. Absent for ads in WhatsApp Status.
            ctwa_clid,
            reference as "ref",
        }
        part {
            /// The greeting the advertisement showed.
            welcome_message: Welcome,
        }
    }
    Welcome {
        text { text }
    }
}

impl Context {
    pub(crate) fn read(message: &Value) -> Option<Self> {
        let value =
            message.get("context").filter(|c| c.as_object().is_some_and(|o| !o.is_empty()))?;
        let flag = |key| value.get(key).and_then(Value::as_bool).unwrap_or(false);
        Some(Self {
            from: id(value, "from").or_else(|| id(value, "from_user_id")),
            id: id(value, "id").or_else(|| id(value, "message_id")).map(Wamid::new),
            forwarded: flag("forwarded"),
            frequently_forwarded: flag("frequently_forwarded"),
            product: value.get("referred_product").and_then(lenient::part_of),
        })
    }
}
