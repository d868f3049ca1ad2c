//! What a simulator starts with, and its knobs. All of it reads from JSON.

use serde::{Deserialize, Serialize};

use crate::state::{App, Business, Number, Token, Waba};

#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    /// Where the simulator is reached; media and paging links begin with it.
    pub public_url: String,
    pub apps: Vec<App>,
    pub businesses: Vec<Business>,
    pub wabas: Vec<Waba>,
    pub numbers: Vec<Number>,
    pub tokens: Vec<Token>,
    #[serde(default)]
    pub pace: Pace,
    #[serde(default)]
    pub webhooks: Webhooks,
    #[serde(default)]
    pub rules: Rules,
}

impl Config {
    pub const APP: &str = "634000000000001";
    pub const APP_SECRET: &str = "sim-app-secret";
    pub const VERIFY_TOKEN: &str = "sim-verify-token";
    pub const BUSINESS: &str = "506900000000001";
    pub const WABA: &str = "102290000000001";
    pub const NUMBER: &str = "106540000000001";
    pub const TOKEN: &str = "sim-token";

    /// One company with one number, subscribed to every field that puente's
    /// kind of client needs; `callback_url` is taken as already verified.
    pub fn one_number(public_url: &str, callback_url: Option<&str>) -> Self {
        let fields = [
            "messages",
            "message_template_status_update",
            "message_template_quality_update",
            "template_category_update",
            "phone_number_quality_update",
            "account_update",
            "business_capability_update",
            "user_preferences",
            "user_id_update",
            "security",
        ];
        Self {
            public_url: public_url.trim_end_matches('/').into(),
            apps: vec![App {
                id: Self::APP.into(),
                name: "puente".into(),
                secret: Self::APP_SECRET.into(),
                verify_token: Self::VERIFY_TOKEN.into(),
                callback_url: callback_url.map(String::from),
                fields: fields.map(|f| (f.to_owned(), "v24.0".to_owned())).into(),
                proof_required: false,
            }],
            businesses: vec![Business {
                id: Self::BUSINESS.into(),
                name: "Sample business".into(),
                daily_limit: None,
                contacted: Default::default(),
            }],
            wabas: vec![Waba {
                id: Self::WABA.into(),
                name: "Sample account".into(),
                business_id: Self::BUSINESS.into(),
                currency: "USD".into(),
                subscribed: [(Self::APP.to_owned(), Default::default())].into(),
                blocked_names: Default::default(),
                calls: (0, 0),
                creations: (0, 0),
            }],
            numbers: vec![Number::new(
                Self::NUMBER,
                Self::WABA,
                "+1 555-000-9999",
                "Sample business",
            )],
            tokens: vec![Token::system_user(Self::TOKEN, Self::APP)],
            pace: Pace::default(),
            webhooks: Webhooks::default(),
            rules: Rules::default(),
        }
    }
}

/// How long the way to the phone takes, drawn from the seed per message.
/// Ranges are milliseconds, both ends included.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pace {
    /// From the acceptance to `sent` (or to `failed`).
    pub sent_ms: (i64, i64),
    /// From `sent` to `delivered`.
    pub delivered_ms: (i64, i64),
    /// From a template's creation to its verdict.
    pub review_ms: (i64, i64),
}

impl Default for Pace {
    fn default() -> Self {
        Self { sent_ms: (80, 400), delivered_ms: (200, 1_200), review_ms: (60_000, 300_000) }
    }
}

/// How webhooks are posted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// Most changes in one POST; Meta's ceiling is 1,000.
    pub batch: usize,
    /// How long a POST waits for company when `batch` is above 1.
    pub linger_ms: i64,
    /// Messages or statuses of one number share a change within a batch.
    pub merge: bool,
    /// Share of POSTs that are sent twice, byte for byte.
    pub duplicate: f64,
    /// Share of changes that come again within a later POST.
    pub rebatch: f64,
    /// Share of changes held back by up to `reorder_ms`.
    pub reorder: f64,
    pub reorder_ms: i64,
    /// No answer within this counts as failed.
    pub timeout_ms: i64,
    /// Waits before each new attempt; the last one repeats until the cut-off.
    pub retry_ms: Vec<i64>,
    /// Multiplies every wait and the cut-off.
    pub retry_scale: f64,
    /// Share of a wait by which it varies either way.
    pub retry_jitter: f64,
    /// A webhook is dropped when this has passed since its first attempt.
    pub cutoff_ms: i64,
    /// Share of `messages` changes that come without `contacts`.
    pub without_contacts: f64,
    /// Share of `messages` changes whose timestamps are numbers, not text.
    pub numbers_as_numbers: f64,
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

impl Default for Webhooks {
    fn default() -> Self {
        Self {
            batch: 1,
            linger_ms: 20,
            merge: false,
            duplicate: 0.0,
            rebatch: 0.0,
            reorder: 0.0,
            reorder_ms: 3_000,
            timeout_ms: 10_000,
            retry_ms: vec![0, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR],
            retry_scale: 1.0,
            retry_jitter: 0.1,
            cutoff_ms: 36 * HOUR,
            without_contacts: 0.0,
            numbers_as_numbers: 0.0,
        }
    }
}

/// Where Meta's pages leave a choice.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Code 131047 in the answer instead of in a `failed` status.
    pub window_at_once: bool,
    /// A recipient nobody created is a person with WhatsApp, not a dead number.
    pub strangers_exist: bool,
    /// Links that Meta cannot fetch: code 131053 in a `failed` status.
    pub broken_links: Vec<String>,
    /// Marketing templates to United States numbers fail with 131049.
    pub no_marketing_to_us: bool,
    /// Management calls per hour and WABA; code 80008 beyond.
    pub management_per_hour: u32,
    /// Verdict of new templates; a reason makes it REJECTED.
    pub reject_templates: Option<String>,
    /// The pair limit of one message per six seconds holds.
    pub pair_limit: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            window_at_once: false,
            strangers_exist: false,
            broken_links: Vec::new(),
            no_marketing_to_us: true,
            management_per_hour: 5_000,
            reject_templates: None,
            pair_limit: true,
        }
    }
}
