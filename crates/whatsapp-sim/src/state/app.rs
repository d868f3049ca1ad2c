//! Apps, portfolios and WhatsApp business accounts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A Meta app: its secret signs every webhook that goes to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct App {
    pub id: String,
    pub name: String,
    pub secret: String,
    #[serde(default)]
    pub verify_token: String,
    /// Absolute. Without one the app receives nothing.
    #[serde(default)]
    pub callback_url: Option<String>,
    /// Subscribed webhook fields and the payload version of each, such as
    /// `messages` -> `v24.0`.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The app demands `appsecret_proof` on every call.
    #[serde(default)]
    pub proof_required: bool,
}

/// A business portfolio: the scope of BSUIDs and of the messaging limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Business {
    pub id: String,
    pub name: String,
    /// Unique users outside the service window in a rolling day; none is unlimited.
    #[serde(default)]
    pub daily_limit: Option<u32>,
    /// Customer id -> when this portfolio last opened a conversation with it.
    #[serde(default)]
    pub contacted: BTreeMap<String, i64>,
}

impl Business {
    /// `TIER_250`, `TIER_2K`, ... `TIER_UNLIMITED`, as Graph spells it.
    pub fn tier(&self) -> String {
        match self.daily_limit {
            None => "TIER_UNLIMITED".into(),
            Some(n) if n >= 1000 => format!("TIER_{}K", n / 1000),
            Some(n) => format!("TIER_{n}"),
        }
    }

    /// Counts `customer` as contacted at `now_ms`; false when the day is full.
    pub fn contact(&mut self, customer: &str, now_ms: i64) -> bool {
        let Some(limit) = self.daily_limit else {
            return true;
        };
        self.contacted.retain(|_, at| now_ms - *at < 86_400_000);
        if !self.contacted.contains_key(customer) && self.contacted.len() >= limit as usize {
            return false;
        }
        self.contacted.insert(customer.to_owned(), now_ms);
        true
    }
}

/// A callback that replaces the app's for field `messages`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Override {
    pub uri: String,
    pub verify_token: String,
}

/// One app's subscription to one WABA.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    #[serde(default)]
    pub callback: Option<Override>,
}

/// A WhatsApp business account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waba {
    pub id: String,
    pub name: String,
    pub business_id: String,
    #[serde(default = "usd")]
    pub currency: String,
    /// App id -> subscription. An app that is not here gets nothing, silently.
    #[serde(default)]
    pub subscribed: BTreeMap<String, Subscription>,
    /// Names of deleted approved templates and until when they stay blocked.
    #[serde(default)]
    pub blocked_names: BTreeMap<String, i64>,
    /// Management calls of the running hour: (hour, count).
    #[serde(default)]
    pub calls: (i64, u32),
    /// Template creations of the running hour: (hour, count).
    #[serde(default)]
    pub creations: (i64, u32),
}

fn usd() -> String {
    "USD".into()
}
