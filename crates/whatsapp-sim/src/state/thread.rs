//! What stands on the customers' phones: the truth of what was sent.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the customer to the business.
    In,
    /// From the business to the customer.
    Out,
}

/// How far a message came. The order of the variants is the rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tick {
    Accepted,
    Sent,
    Failed,
    Delivered,
    Read,
    Played,
}

impl Tick {
    /// The word in `statuses[].status`; `Accepted` is never told.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pricing {
    /// `marketing`, `utility`, `authentication`, `service`.
    pub category: String,
    /// `regular`, `free_customer_service`, `free_entry_point`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// One message in one thread (business number, customer).
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    pub wamid: String,
    pub number_id: String,
    pub customer_id: String,
    pub direction: Direction,
    pub at_ms: i64,
    /// `text`, `image`, `template`, ... as on the wire.
    pub kind: String,
    /// What stands under the type's key on the wire; a template is filled in.
    pub content: Value,
    pub reply_to: Option<String>,
    /// Addressed by BSUID rather than by number.
    pub by_bsuid: bool,
    /// `biz_opaque_callback_data` of the send.
    pub tracker: Option<String>,
    pub template: Option<String>,
    pub pricing: Option<Pricing>,
    pub tick: Tick,
    /// Every step taken, in the order it was taken.
    pub steps: Vec<(Tick, i64)>,
    pub error: Option<u32>,
    pub deleted: bool,
    /// Latest change, in the simulator's count of all changes.
    pub revision: u64,
}

impl Message {
    pub fn took(&self, tick: Tick) -> bool {
        self.steps.iter().any(|(step, _)| *step == tick)
    }
}
