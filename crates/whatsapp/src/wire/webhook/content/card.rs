//! A contact card within a message.

use serde_json::Value;

use crate::wire::lenient;
use crate::wire::shape::shape;

/// `contacts[]` of a message of that type, with what has no place in the parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    pub parts: CardParts,
    /// `contact_request` when it answers our request for the number.
    pub origin: Option<String>,
    pub raw: Value,
}

impl Card {
    pub(super) fn read(value: &Value) -> Self {
        Self {
            parts: lenient::part_of(value).unwrap_or_default(),
            origin: lenient::id(value, "origin"),
            raw: value.clone(),
        }
    }
}

shape! {
    /// Everything may be missing, the name included.
    CardParts {
        text {
            /// `YYYY-MM-DD`.
            birthday,
            vcard,
        }
        part { name: CardName, org: CardOrg }
        list { phones: CardPhone, emails: CardEmail, addresses: CardAddress, urls: CardUrl }
    }
    CardName {
        text { formatted_name, first_name, last_name, middle_name, prefix, suffix }
    }
    CardPhone {
        text { phone, wa_id, user_id, kind as "type" }
    }
    CardEmail {
        text { email, kind as "type" }
    }
    CardAddress {
        text { street, city, state, zip, country, country_code, kind as "type" }
    }
    CardUrl {
        text { url, kind as "type" }
    }
    CardOrg {
        text { company, department, title }
    }
}
