//! The parts that are not interactive and not a template. Limits: `limits`.

use serde::{Deserialize, Deserializer, Serialize};

/// A shape of ours to Meta: `must` fields, `may` fields (left out when `None`)
/// and `many` fields (left out when empty). Unknown keys are refused.
macro_rules! sent {
    ($($(#[$doc:meta])* $name:ident {
        $(must { $($(#[$must_doc:meta])* $must:ident $(as $must_key:literal)? : $must_of:ty),* $(,)? })?
        $(may { $($(#[$may_doc:meta])* $may:ident $(as $may_key:literal)? : $may_of:ty),* $(,)? })?
        $(many { $($(#[$many_doc:meta])* $many:ident : $many_of:ty),* $(,)? })?
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($($(#[$must_doc])*
            $(#[serde(rename = $must_key)])?
            pub $must: $must_of,)*)?
            $($($(#[$may_doc])*
            #[serde($(rename = $may_key,)? default, skip_serializing_if = "Option::is_none")]
            pub $may: Option<$may_of>,)*)?
            $($($(#[$many_doc])*
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub $many: Vec<$many_of>,)*)?
        }
    )*};
}
pub(super) use sent;

sent! {
    Text {
        must { body: String }
        may {
            /// Shows a preview of the first URL.
            preview_url: bool,
        }
    }
    /// A file by uploaded `id` or by public `link`: one of the two.
    File {
        may { id: String, link: String }
    }
    /// Image, video.
    Captioned {
        may { id: String, link: String, caption: String }
    }
    Document {
        may { id: String, link: String, caption: String, filename: String }
    }
    Audio {
        may {
            id: String,
            link: String,
            /// Shown as recorded in the chat; needs OGG with Opus.
            voice: bool,
        }
    }
    Location {
        must { latitude: Degrees, longitude: Degrees }
        may { name: String, address: String }
    }
    Reaction {
        must {
            message_id: String,
            /// Empty takes the reaction back.
            emoji: String,
        }
    }
    Card {
        must { name: CardName }
        may { birthday: String, org: CardOrg }
        many { phones: CardPhone, emails: CardEmail, addresses: CardAddress, urls: CardUrl }
    }
    /// At least one part beside the formatted name.
    CardName {
        must { formatted_name: String }
        may {
            first_name: String,
            last_name: String,
            middle_name: String,
            prefix: String,
            suffix: String,
        }
    }
    CardPhone {
        may {
            phone: String,
            /// Shows the button that opens a chat.
            wa_id: String,
            kind as "type": String,
        }
    }
    CardEmail {
        may { email: String, kind as "type": String }
    }
    CardUrl {
        may { url: String, kind as "type": String }
    }
    CardOrg {
        may { company: String, department: String, title: String }
    }
    CardAddress {
        may {
            street: String,
            city: String,
            state: String,
            zip: String,
            country: String,
            country_code: String,
            kind as "type": String,
        }
    }
}

/// Degrees, read from a number or from text, sent as a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Degrees(pub f64);

impl<'de> Deserialize<'de> for Degrees {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match NumberOrText::deserialize(from)? {
            NumberOrText::Number(degrees) => Ok(Self(degrees)),
            NumberOrText::Text(text) => {
                let degrees = text.trim().parse().ok().filter(|d: &f64| d.is_finite());
                degrees.map(Self).ok_or_else(|| serde::de::Error::custom("expected degrees"))
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a number, or a number as text")]
enum NumberOrText {
    Number(f64),
    Text(String),
}
