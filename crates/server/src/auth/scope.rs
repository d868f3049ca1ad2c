//! What a key may do. No scope contains another.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Send messages.
    Send,
    /// Read statuses, conversations, lists and streams.
    Read,
    /// Make and revoke keys, read the audit trail.
    Admin,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::Send, Self::Read, Self::Admin];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Read => "read",
            Self::Admin => "admin",
        }
    }

    /// The stored words; one that is not ours grants nothing.
    pub fn of_words(words: &[String]) -> BTreeSet<Self> {
        Self::ALL.into_iter().filter(|s| words.iter().any(|w| w == s.as_str())).collect()
    }
}
