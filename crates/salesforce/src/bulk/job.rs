//! One ingest job, as Salesforce tells of it.

use model::UnixMs;
use model::ids::RecordId;
use serde::Deserialize;
use serde_json::Value;

use crate::faults::{self, ApiError, Refusal};
use crate::{ids, time};

/// Where a job stands (Bulk API 2.0, Get Job Info).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum JobState {
    /// Waits for its upload.
    Open,
    /// Closed and queued.
    UploadComplete,
    InProgress,
    JobComplete,
    /// Ended early: what was not reached is among the unprocessed records.
    Failed,
    Aborted,
}

impl JobState {
    /// Nothing more will happen to its records.
    pub fn is_over(self) -> bool {
        matches!(self, Self::JobComplete | Self::Failed | Self::Aborted)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// `750…`
    pub id: RecordId,
    pub state: JobState,
    /// Wire name.
    pub object: String,
    /// The user who made it.
    pub created_by: Option<RecordId>,
    pub created_at: Option<UnixMs>,
    pub processed: u64,
    pub failed: u64,
    /// Why a job as a whole failed: `InvalidBatch : Field name not found : …`.
    pub error: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    id: String,
    state: JobState,
    object: String,
    #[serde(default)]
    created_by_id: Option<String>,
    #[serde(default)]
    created_date: Option<String>,
    #[serde(default)]
    number_records_processed: u64,
    #[serde(default)]
    number_records_failed: u64,
    #[serde(default)]
    error_message: Option<String>,
}

impl Job {
    /// `None` when `value` is no job.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let wire = Wire::deserialize(value).ok()?;
        Some(Self {
            id: ids::answered(&wire.id)?,
            state: wire.state,
            object: wire.object,
            created_by: wire.created_by_id.as_deref().and_then(ids::answered),
            created_at: wire.created_date.as_deref().and_then(time::parse),
            processed: wire.number_records_processed,
            failed: wire.number_records_failed,
            error: wire.error_message.filter(|text| !text.is_empty()),
        })
    }

    /// What the table says of the job's own failure; `None` when it names none.
    pub fn refusal(&self) -> Option<Refusal> {
        let text = self.error.as_deref()?;
        let (code, message) = text.split_once(':').unwrap_or((text, ""));
        let code = code.trim().to_ascii_uppercase();
        let message = message.trim().to_owned();
        Some(faults::of_error(&ApiError { code, message, ..ApiError::default() }, None))
    }
}
