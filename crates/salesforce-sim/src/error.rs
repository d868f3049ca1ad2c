//! Errors as the REST API words them (REST API, Status codes and error responses).

use serde_json::{Value, json};

/// One error of a call or of one record.
///
/// A call shows it as `{"message","errorCode","fields"}` in a bare list, a
/// collection's item as `{"statusCode","message","fields"}`.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    /// HTTP status when it ends a whole call.
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    pub fields: Vec<String>,
    /// A further member, such as `duplicateResult`.
    pub extra: Option<(&'static str, Value)>,
}

impl ApiError {
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), fields: Vec::new(), extra: None }
    }

    /// The usual case: status 400.
    pub fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    pub fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "The requested resource does not exist")
    }

    /// The value has another type than its field (400 for the whole request).
    pub fn json(message: impl Into<String>) -> Self {
        Self::bad("JSON_PARSER_ERROR", message)
    }

    pub fn on(mut self, field: &str) -> Self {
        self.fields.push(field.to_owned());
        self
    }

    /// The list that is the body of a failed call.
    pub fn body(&self) -> Value {
        let mut one = json!({ "message": self.message, "errorCode": self.code });
        if !self.fields.is_empty() || self.status == 400 && self.is_of_a_record() {
            one["fields"] = json!(self.fields);
        }
        if let Some((name, value)) = &self.extra {
            one[*name] = value.clone();
        }
        json!([one])
    }

    /// An item of a collection's answer.
    pub fn item(&self) -> Value {
        json!({ "success": false, "errors": [
            { "statusCode": self.code, "message": self.message, "fields": self.fields }
        ] })
    }

    /// Errors of saving carry `fields` even when it is empty.
    fn is_of_a_record(&self) -> bool {
        matches!(
            self.code,
            "DUPLICATE_VALUE"
                | "DUPLICATES_DETECTED"
                | "UNABLE_TO_LOCK_ROW"
                | "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
        )
    }
}
