//! Jobs of a long backlog.

use model::UnixMs;
use model::ids::{BulkId, PersonId, RecordId};

use super::Object;

words! {
    /// Each is written down before the step that it is about.
    BulkState {
        /// Its people are held; nothing of the part is with Salesforce.
        Claimed = "claimed",
        /// A job may have been made there.
        Creating = "creating",
        /// It is made; its file may have been uploaded.
        Open = "open",
        /// Uploaded; it may have been closed.
        Closing = "closing",
        /// Closed: Salesforce works on it.
        Working = "working",
        /// What became of each row is recorded.
        Settled = "settled",
    }
}

/// One share of a long backlog, on its way by Bulk jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkJob {
    pub id: BulkId,
    /// The part under way.
    pub object: Object,
    pub state: BulkState,
    /// Salesforce's id of the part's job.
    pub remote: Option<RecordId>,
    pub begun_at: UnixMs,
    pub stepped_at: UnixMs,
    pub due_at: UnixMs,
    pub looks: u32,
}

/// A row that is in a job, at the version `sent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkRow {
    pub object: Object,
    pub id: [u8; 16],
    pub root: PersonId,
    pub sent: i64,
    pub done: i64,
    pub attempts: u32,
    /// Of a message.
    pub record_key: Option<String>,
}
