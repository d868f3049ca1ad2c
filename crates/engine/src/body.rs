//! What a message row keeps sealed: everything Salesforce and people are shown
//! of it, and the fragment it came from.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Sealed as JSON under the person's key. Absent parts are left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wamid: Option<String>,
    /// What people read: text, caption, button title, place name ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// wamid of the message this one quotes, reacts to, edits or revokes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Id of the button, list row or form that was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral_source_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral_click_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_text: Option<String>,
    /// Meta's own object, so that nothing a mapping may ask for later is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Value>,
}

impl Body {
    pub fn seal(&self) -> Vec<u8> {
        // a struct of strings, numbers and a JSON value cannot fail to serialise
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub fn open(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }
}

/// What an outbox row keeps sealed: to whom, and Meta's message object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Errand {
    pub to: Address,
    pub message: Value,
    /// The file that the message names once it is at Meta.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// A wa_id or phone number, digits.
    Phone(String),
    /// A business-scoped user id; goes into `recipient`, never into `to`.
    Bsuid(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_come_back_and_stay_small() {
        let body = Body { text: Some("hola".into()), ..Body::default() };
        assert_eq!(body.seal(), br#"{"text":"hola"}"#);
        assert_eq!(Body::open(&body.seal()), body);
    }
}
