//! The Graph API, one exact request per method.
//!
//! A client never retries, waits, follows a redirect or renews: each method is
//! one exchange, and its fault says what may be done. Tokens are in no error
//! and no `Debug`.

mod account;
mod app;
mod call;
mod hint;
mod media;
mod messages;
mod number;
mod templates;
mod token;
mod url;

use std::sync::Arc;

use model::Exchange;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use messages::Sent;
pub use token::Token;

use crate::wire::lenient;

/// Where Meta serves the Graph API.
pub const BASE_URL: &str = "https://graph.facebook.com";
/// Released 2026-02-18, served until 2028-07-29. Always named: without it an
/// app's own default version would answer.
pub const VERSION: &str = "v25.0";

/// Cheap to clone. One per account, since the token is the account's.
#[derive(Clone)]
pub struct Client {
    pub exchange: Arc<dyn Exchange>,
    /// Scheme, host and port, without a path: `https://graph.facebook.com`.
    pub base_url: String,
    pub version: String,
    pub token: Token,
}

impl Client {
    pub fn new(exchange: Arc<dyn Exchange>, base_url: impl Into<String>, token: Token) -> Self {
        let base_url = base_url.into().trim_end_matches('/').to_owned();
        Self { exchange, base_url, version: VERSION.to_owned(), token }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Client({}/{})", self.base_url, self.version)
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    pub data: Vec<T>,
    /// What to ask the next page with; `None` on the last. A cursor, never
    /// Meta's whole `next` URL: the token goes only where we built the URL.
    pub after: Option<String>,
}

impl<T: DeserializeOwned> Page<T> {
    fn read(body: &Value) -> Self {
        let paging = body.get("paging");
        let more = paging.and_then(|p| p.get("next")).is_some_and(|n| !n.is_null());
        let cursor = paging.and_then(|p| lenient::id(p.get("cursors")?, "after"));
        Self {
            data: body.get("data").map(lenient::list_of).unwrap_or_default(),
            after: cursor.filter(|_| more),
        }
    }
}

#[cfg(test)]
mod tests;
