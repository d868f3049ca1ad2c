//! Business numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Override, PairBucket, SecondWindow};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountMode {
    #[default]
    Live,
    /// A test number: only allow-listed recipients, five at most.
    Sandbox,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Throughput {
    /// 80 messages a second, in and out.
    #[default]
    Standard,
    /// 1,000 messages a second.
    High,
    /// A number that is also on the business app: 20 a second.
    Coexistence,
}

impl Throughput {
    pub fn per_second(self) -> usize {
        match self {
            Self::Standard => 80,
            Self::High => 1_000,
            Self::Coexistence => 20,
        }
    }

    /// `throughput.level` of the Graph node.
    pub fn level(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::High => "HIGH",
            Self::Coexistence => "NOT_APPLICABLE",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Number {
    pub id: String,
    pub waba_id: String,
    /// As shown, such as `+1 555-000-9999`.
    pub display: String,
    pub verified_name: String,
    #[serde(default = "yes")]
    pub registered: bool,
    #[serde(default)]
    pub pin: Option<String>,
    #[serde(default)]
    pub account_mode: AccountMode,
    /// Digits of the recipients a test number may write to.
    #[serde(default)]
    pub allow_list: BTreeSet<String>,
    #[serde(default)]
    pub throughput: Throughput,
    /// Every send is refused with this code, such as 131031 or 131057.
    #[serde(default)]
    pub refusal: Option<u32>,
    #[serde(default = "green")]
    pub quality: String,
    #[serde(default)]
    pub callback: Option<Override>,
    #[serde(default = "empty_object")]
    pub profile: Value,
    /// When `register` and `deregister` were called.
    #[serde(skip)]
    pub registrations: Vec<i64>,
    #[serde(skip)]
    pub pairs: BTreeMap<String, PairBucket>,
    #[serde(skip_deserializing)]
    pub traffic: SecondWindow,
    /// Customer id -> until when the phone shows that the business is typing.
    #[serde(skip)]
    pub typing: BTreeMap<String, i64>,
}

fn yes() -> bool {
    true
}

fn green() -> String {
    "GREEN".into()
}

fn empty_object() -> Value {
    json!({})
}

impl Number {
    pub fn new(id: &str, waba_id: &str, display: &str, verified_name: &str) -> Self {
        Self {
            id: id.into(),
            waba_id: waba_id.into(),
            display: display.into(),
            verified_name: verified_name.into(),
            registered: true,
            pin: None,
            account_mode: AccountMode::Live,
            allow_list: BTreeSet::new(),
            throughput: Throughput::Standard,
            refusal: None,
            quality: green(),
            callback: None,
            profile: empty_object(),
            registrations: Vec::new(),
            pairs: BTreeMap::new(),
            traffic: SecondWindow::default(),
            typing: BTreeMap::new(),
        }
    }

    /// The display number as webhooks carry it: digits only.
    pub fn digits(&self) -> String {
        self.display.chars().filter(char::is_ascii_digit).collect()
    }

    /// `status` of the Graph node.
    pub fn status(&self) -> &'static str {
        match self.refusal {
            Some(131_031) => "BANNED",
            Some(368) => "RESTRICTED",
            _ if self.registered => "CONNECTED",
            _ => "DISCONNECTED",
        }
    }
}
