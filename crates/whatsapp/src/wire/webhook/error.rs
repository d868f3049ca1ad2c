//! Meta's error within a webhook. `faults::judge_async` says what it means.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::wire::lenient::{as_int, as_text, id};

/// `errors[]` of a status, a message, or a whole value. Old and reduced forms
/// hold `code` and `title` only, or `details` beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WireError {
    pub code: Option<i64>,
    pub title: Option<String>,
    pub message: Option<String>,
    pub details: Option<String>,
    pub href: Option<String>,
}

impl WireError {
    pub(crate) fn read(value: &Value) -> Self {
        if let Some(text) = value.as_str() {
            return Self { title: Some(text.to_owned()), ..Self::default() };
        }
        let data = value.get("error_data");
        let within = data.and_then(|d| d.get("details")).and_then(as_text);
        Self {
            code: value.get("code").or_else(|| value.get("error_code")).and_then(as_int),
            title: id(value, "title"),
            message: id(value, "message"),
            details: within.or_else(|| data.and_then(as_text)).or_else(|| id(value, "details")),
            href: id(value, "href"),
        }
    }

    pub(crate) fn list(parent: &Value) -> Vec<Self> {
        match parent.get("errors") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(errors)) => errors.iter().map(Self::read).collect(),
            Some(one) => vec![Self::read(one)],
        }
    }

    /// The most exact words there are; Meta repeats the title as the message.
    pub fn words(&self) -> &str {
        [&self.details, &self.message, &self.title]
            .into_iter()
            .find_map(Option::as_deref)
            .unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for WireError {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Value::deserialize(from).map(|value| Self::read(&value))
    }
}
