//! What a person decided or became: `user_preferences`, `user_id_update`.

use model::UnixMs;
use serde_json::Value;

use super::Party;
use crate::wire::lenient::{as_text, as_time, id};

/// The person stopped or resumed marketing messages, in WhatsApp itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    pub user: Party,
    /// `marketing_messages`.
    pub category: Option<String>,
    /// `stop` or `resume`.
    pub value: Option<String>,
    pub detail: Option<String>,
    pub at: Option<UnixMs>,
}

impl Preference {
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        let user = Party::read(value, &["wa_id"], &["user_id"], &["parent_user_id"]);
        if user.is_empty() {
            return Err("wa_id, user_id: the preference names no person".into());
        }
        Ok(Self {
            user,
            category: id(value, "category"),
            value: id(value, "value").map(|v| v.to_ascii_lowercase()),
            detail: id(value, "detail"),
            at: value.get("timestamp").and_then(as_time),
        })
    }
}

/// A person's business-scoped id changed, as it does with the phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserIdUpdate {
    pub wa_id: Option<String>,
    pub previous_bsuid: Option<String>,
    pub bsuid: Option<String>,
    pub previous_parent_bsuid: Option<String>,
    pub parent_bsuid: Option<String>,
    pub detail: Option<String>,
    pub at: Option<UnixMs>,
}

impl UserIdUpdate {
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        let pair = |key: &str| match value.get(key) {
            Some(ids @ Value::Object(_)) => (id(ids, "previous"), id(ids, "current")),
            Some(one) => (None, as_text(one)),
            None => (None, None),
        };
        let (previous_bsuid, bsuid) = pair("user_id");
        let (previous_parent_bsuid, parent_bsuid) = pair("parent_user_id");
        if bsuid.is_none() && parent_bsuid.is_none() {
            return Err("user_id.current: the new id is missing".into());
        }
        Ok(Self {
            wa_id: id(value, "wa_id"),
            previous_bsuid,
            bsuid,
            previous_parent_bsuid,
            parent_bsuid,
            detail: id(value, "detail"),
            at: value.get("timestamp").and_then(as_time),
        })
    }

    /// The person as known from now on.
    pub fn user(&self) -> Party {
        Party {
            wa_id: self.wa_id.clone(),
            bsuid: self.bsuid.clone(),
            parent_bsuid: self.parent_bsuid.clone(),
        }
    }
}
