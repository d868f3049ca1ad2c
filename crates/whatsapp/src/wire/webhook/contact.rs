//! Who an item is about. A phone number may be absent since usernames exist.

use serde_json::Value;

use crate::wire::bsuid::{is_bsuid, is_parent};
use crate::wire::lenient::id;

/// The handles of one person, each as Meta spells it. All may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Digits without `+`. May differ from the number that was dialled.
    pub wa_id: Option<String>,
    /// Business-scoped user id, within the portfolio that owns the number.
    pub bsuid: Option<String>,
    /// Id within linked portfolios.
    pub parent_bsuid: Option<String>,
}

impl Party {
    /// Reads three keys of `value`. An id that stands under another's key (a
    /// business-scoped id where a phone is expected) is put where it belongs.
    pub(crate) fn read(value: &Value, wa_id: &[&str], bsuid: &[&str], parent: &[&str]) -> Self {
        let first = |keys: &[&str]| keys.iter().find_map(|key| id(value, key));
        let mut party =
            Self { wa_id: first(wa_id), bsuid: first(bsuid), parent_bsuid: first(parent) };
        // Requests that Meta repeats to us hold a number as it was dialled.
        if let Some(dialled) = party.wa_id.as_mut().filter(|wa_id| wa_id.starts_with('+')) {
            dialled.retain(|c| c.is_ascii_digit());
        }
        if let Some(stray) = party.wa_id.take_if(|wa_id| is_bsuid(wa_id)) {
            let place = if is_parent(&stray) { &mut party.parent_bsuid } else { &mut party.bsuid };
            place.get_or_insert(stray);
        }
        party
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether both name the same person: one handle in common.
    pub fn same(&self, other: &Self) -> bool {
        let both = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
        both(&self.bsuid, &other.bsuid)
            || both(&self.wa_id, &other.wa_id)
            || both(&self.parent_bsuid, &other.parent_bsuid)
    }
}

/// `contacts[]` beside messages and statuses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    pub party: Party,
    /// Chosen by the person: any text, may be blank.
    pub name: Option<String>,
    /// Without the leading `@`.
    pub username: Option<String>,
    pub identity_key_hash: Option<String>,
    /// ISO 3166 alpha-2.
    pub country_code: Option<String>,
}

impl Contact {
    pub(crate) fn read(value: &Value) -> Self {
        let profile = value.get("profile").unwrap_or(&Value::Null);
        let username = id(profile, "username").or_else(|| id(value, "username"));
        Self {
            party: Party::read(value, &["wa_id"], &["user_id"], &["parent_user_id"]),
            name: profile.get("name").and_then(crate::wire::lenient::as_text),
            username: username.map(|u| u.trim_start_matches('@').to_owned()),
            identity_key_hash: id(value, "identity_key_hash"),
            country_code: id(value, "country_code"),
        }
    }
}
