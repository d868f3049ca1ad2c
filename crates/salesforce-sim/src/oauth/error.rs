//! Errors of the token endpoint: another form than those of the REST API.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthError {
    pub error: String,
    pub error_description: String,
}

/// What the token endpoint is seen to answer (OAuth Authorization Flow Errors).
pub const TOKEN_ERRORS: [(&str, &str); 21] = [
    ("invalid_grant", "user hasn't approved this consumer"),
    ("invalid_grant", "audience is invalid"),
    ("invalid_grant", "expired authorization code"),
    ("invalid_grant", "authentication failure"),
    ("invalid_grant", "authentication failure - Invalid Password"),
    ("invalid_grant", "expired access/refresh token"),
    ("invalid_grant", "inactive user"),
    ("invalid_grant", "user is locked"),
    ("invalid_grant", "request not supported on this domain"),
    ("invalid_grant", "no client credentials user enabled"),
    ("invalid_grant", "ip restricted"),
    ("invalid_grant", "invalid assertion"),
    ("invalid_client_id", "client identifier invalid"),
    ("invalid_client", "invalid client credentials"),
    ("invalid_client", "app must be installed into org"),
    ("invalid_app_access", "user is not admin approved to access this app"),
    ("redirect_uri_mismatch", "redirect_uri must match configuration"),
    ("unsupported_grant_type", "grant type not supported"),
    ("unknown_error", "retry your request"),
    ("server_error", "an internal error occurred"),
    ("rate_limit_exceeded", "login rate exceeded"),
];

impl OAuthError {
    pub fn new(error: &str, description: &str) -> Self {
        Self { error: error.to_owned(), error_description: description.to_owned() }
    }

    pub fn grant(description: &str) -> Self {
        Self::new("invalid_grant", description)
    }

    pub fn status(&self) -> u16 {
        match &*self.error {
            "invalid_client" => 401,
            "server_error" => 500,
            _ => 400,
        }
    }

    pub fn body(&self) -> Value {
        json!(self)
    }
}
