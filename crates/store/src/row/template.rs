//! Message templates as Meta has them.

use model::UnixMs;
use model::ids::{TenantId, WabaId};

/// A template of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub tenant: TenantId,
    pub waba: WabaId,
    pub name: String,
    /// With an underscore: `en_US`.
    pub language: String,
    /// Empty until Meta told it.
    pub meta_id: String,
    /// Meta's word; `DELETED` when it is gone. Only `APPROVED` can be sent.
    pub state: String,
    /// `MARKETING`, `UTILITY`, `AUTHENTICATION`.
    pub category: String,
    /// The category that a person knows of, empty before one was told: while it is another than
    /// `category`, nothing is sent.
    pub agreed: String,
    /// The category that Meta will change it to.
    pub announced: Option<String>,
    /// Its parameters have names, not numbers.
    pub named: bool,
    /// Components as Meta wrote them, a JSON array; `[]` until they were read.
    pub parts: String,
    /// Why it was rejected, paused or disabled.
    pub reason: Option<String>,
    /// `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    pub quality: Option<String>,
    /// When Meta was asked for the list that last held it; 0: never.
    pub listed_at: UnixMs,
    /// When the webhook that last changed it was received; 0: never.
    pub told_at: UnixMs,
}

impl Template {
    pub fn sendable(&self) -> bool {
        self.state == "APPROVED" && (self.agreed.is_empty() || self.category == self.agreed)
    }
}

/// How far the list of an account's templates was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateList {
    pub tenant: TenantId,
    pub waba: WabaId,
    /// Somebody last asked for a reading.
    pub wanted_at: UnixMs,
    /// The next page, or the next reading.
    pub due_at: UnixMs,
    /// Of the reading under way.
    pub began_at: Option<UnixMs>,
    /// Where it goes on.
    pub cursor: Option<String>,
    /// A reading last came to its end; `None`: what is not known may be there.
    pub done_at: Option<UnixMs>,
}
