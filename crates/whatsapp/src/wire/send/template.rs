//! Sending a template: its name, language and the values of its variables
//! (Cloud API, Template messages).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::interactive::Section;
use super::parts::{Captioned, Degrees, Document, sent};

sent! {
    Template {
        must { name: String, language: Language }
        many { components: Component }
    }
    Language {
        must {
            /// Exactly as approved: `en_US` is not `en`.
            code: String,
        }
        may {
            /// `deterministic`, which is also what Meta does without it.
            policy: String,
        }
    }
    Component {
        must {
            /// `header`, `body`, `button`, `limited_time_offer`, `carousel`.
            kind as "type": String,
        }
        may {
            /// `url`, `quick_reply`, `copy_code`, `flow`, `catalog`, `mpm`, ...
            sub_type: String,
            /// Position among all buttons of the template, from 0.
            index: Index,
        }
        many { parameters: Parameter, cards: CarouselCard }
    }
    CarouselCard {
        must { card_index: u32 }
        many { components: Component }
    }
    /// `kind` names the one key that is filled.
    Parameter {
        must { kind as "type": String }
        may {
            /// Of named variables.
            parameter_name: String,
            text: String,
            currency: Currency,
            date_time: DateTime,
            image: Captioned,
            video: Captioned,
            document: Document,
            gif: Captioned,
            location: Place,
            payload: String,
            coupon_code: String,
            action: ButtonAction,
            limited_time_offer: Offer,
            product: Value,
        }
    }
    Currency {
        must { fallback_value: String, code: String, amount_1000: i64 }
    }
    DateTime {
        must { fallback_value: String }
    }
    /// All four are required within a template.
    Place {
        must { latitude: Degrees, longitude: Degrees, name: String, address: String }
    }
    ButtonAction {
        may {
            flow_token: String,
            flow_action_data: Value,
            thumbnail_product_retailer_id: String,
        }
        many { sections: Section }
    }
    Offer {
        must { expiration_time_ms: i64 }
    }
}

/// Meta takes a number or text; it is sent as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a position from 0, as a number or as text")]
pub enum Index {
    Number(u32),
    Text(String),
}

impl Index {
    pub fn position(&self) -> Option<u32> {
        match self {
            Self::Number(n) => Some(*n),
            Self::Text(text) => text.parse().ok(),
        }
    }
}
