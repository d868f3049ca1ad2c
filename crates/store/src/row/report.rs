//! What is compared with Salesforce, and the reports about it.

use model::ids::{PersonId, RecordId, ReportId};
use model::{Status, UnixMs};

use super::{Direction, OutboxState};

words! {
    ReportState {
        /// Asked for; nobody has made it yet.
        Wanted = "wanted",
        Done = "done",
        /// Could not be made; its summary says why.
        Failed = "failed",
    }
}

/// A row of ours as Salesforce should show it, without what is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirrored {
    /// `Key__c` of its row.
    pub key: String,
    pub id: [u8; 16],
    pub root: PersonId,
    /// When puente learned of it.
    pub at: UnixMs,
    /// Of a message only.
    pub direction: Option<Direction>,
    /// What Meta told of a message of ours.
    pub stated: Option<Status>,
    pub outbox: Option<OutboxState>,
    /// `None`: it was never wanted in Salesforce.
    pub sync: Option<Synced>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synced {
    pub wanted: i64,
    pub done: i64,
    pub aside: bool,
    pub code: Option<String>,
    pub record: Option<RecordId>,
}

/// A report that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedReport {
    pub id: ReportId,
    pub state: ReportState,
    pub asked_at: UnixMs,
    /// API key, person or part of the program.
    pub asked_by: String,
    /// Only what puente learned of at or after this time.
    pub since: Option<UnixMs>,
    /// Rows that differ are to be written again.
    pub repair: bool,
    pub ended_at: Option<UnixMs>,
    /// Its one sentence, or why it could not be made.
    pub summary: Option<String>,
}
