//! Access tokens.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    pub value: String,
    pub app_id: String,
    /// `SYSTEM_USER` or `USER`.
    #[serde(default = "system_user")]
    pub kind: String,
    pub scopes: BTreeSet<String>,
    /// WABAs assigned to its user; none means all of them.
    #[serde(default)]
    pub wabas: Option<BTreeSet<String>>,
    /// None never expires.
    #[serde(default)]
    pub expires_ms: Option<i64>,
    /// Subcode of code 190 that every call gets: 460 password, 467 invalidated, ...
    #[serde(default)]
    pub revoked: Option<u32>,
    #[serde(default)]
    pub issued_ms: i64,
    #[serde(default = "user_id")]
    pub user_id: String,
}

fn system_user() -> String {
    "SYSTEM_USER".into()
}

fn user_id() -> String {
    "122000000000001".into()
}

impl Token {
    /// A system user's token with both WhatsApp scopes and all WABAs.
    pub fn system_user(value: &str, app_id: &str) -> Self {
        Self {
            value: value.into(),
            app_id: app_id.into(),
            kind: system_user(),
            scopes: ["whatsapp_business_management", "whatsapp_business_messaging"]
                .map(String::from)
                .into(),
            wabas: None,
            expires_ms: None,
            revoked: None,
            issued_ms: 0,
            user_id: user_id(),
        }
    }

    /// The subcode of code 190 that this token earns now, if any.
    pub fn fault(&self, now_ms: i64) -> Option<u32> {
        self.revoked.or_else(|| self.expires_ms.filter(|at| *at <= now_ms).map(|_| 463))
    }

    pub fn reaches(&self, waba_id: &str) -> bool {
        self.wabas.as_ref().is_none_or(|wabas| wabas.contains(waba_id))
    }
}
