//! The jobs of an org.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use super::csv::{DELIMITERS, LineEnding};
use crate::ids::Minter;
use crate::rest::Call;
use crate::schema::{Field, Object};
use crate::time;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    UploadComplete,
    InProgress,
    JobComplete,
    Failed,
    Aborted,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::UploadComplete => "UploadComplete",
            Self::InProgress => "InProgress",
            Self::JobComplete => "JobComplete",
            Self::Failed => "Failed",
            Self::Aborted => "Aborted",
        }
    }

    pub fn is_over(self) -> bool {
        matches!(self, Self::JobComplete | Self::Failed | Self::Aborted)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Insert,
    Update,
    Upsert,
    Delete,
}

impl Operation {
    pub const ALL: [(&'static str, Self); 4] = [
        ("insert", Self::Insert),
        ("update", Self::Update),
        ("upsert", Self::Upsert),
        ("delete", Self::Delete),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, o)| *o == self).map_or("", |(name, _)| *name)
    }
}

/// One job. Results are files in the making: lines without their header.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: String,
    pub object: Arc<Object>,
    pub operation: Operation,
    pub key: Option<Arc<Field>>,
    pub ending: LineEnding,
    pub delimiter: (&'static str, u8),
    pub state: State,
    /// Who made it, and how.
    pub call: Call,
    pub created_ms: i64,
    pub changed_ms: i64,
    pub content: Option<Bytes>,
    /// Column names of the upload, once it was read.
    pub header: Vec<String>,
    pub successful: String,
    pub failed: String,
    pub unprocessed: String,
    pub processed: u64,
    pub failures: u64,
    pub error: Option<String>,
}

impl Job {
    /// As `GET /jobs/ingest/{id}` shows it; `created` leaves out what a new
    /// job does not show yet.
    pub fn shown(&self, created: bool) -> Value {
        let mut out = json!({
            "id": self.id,
            "operation": self.operation.name(),
            "object": &*self.object.name,
            "createdById": self.call.actor.user_id,
            "createdDate": time::datetime(self.created_ms),
            "systemModstamp": time::datetime(self.changed_ms),
            "state": self.state.name(),
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": f64::from(self.call.version),
            "contentUrl": format!("services/data/v{}.0/jobs/ingest/{}/batches", self.call.version, self.id),
            "lineEnding": self.ending.name(),
            "columnDelimiter": self.delimiter.0,
        });
        if let Some(key) = &self.key {
            out["externalIdFieldName"] = json!(&*key.name);
        }
        if !created {
            out["jobType"] = json!("V2Ingest");
            out["retries"] = json!(0);
            out["numberRecordsProcessed"] = json!(self.processed);
            out["numberRecordsFailed"] = json!(self.failures);
            out["totalProcessingTime"] = json!(self.changed_ms - self.created_ms);
            if let Some(error) = &self.error {
                out["errorMessage"] = json!(error);
            }
        }
        out
    }
}

#[derive(Debug)]
pub struct Jobs {
    jobs: BTreeMap<String, Job>,
    minter: Minter,
    /// Internal batches since the start.
    pub batches: u64,
}

impl Jobs {
    pub fn new(first_id: u64) -> Self {
        Self { jobs: BTreeMap::new(), minter: Minter::new(first_id), batches: 0 }
    }

    /// Gives the job its id.
    pub fn open(&mut self, mut job: Job) -> Value {
        job.id = self.minter.mint("750");
        let shown = job.shown(true);
        self.jobs.insert(job.id.clone(), job);
        shown
    }

    pub fn get(&self, id: &str) -> Option<&Job> {
        self.jobs.get(&crate::ids::full(id)?)
    }

    pub fn get_mut(&mut self, id: &str) -> Option<&mut Job> {
        self.jobs.get_mut(&crate::ids::full(id)?)
    }

    pub fn remove(&mut self, id: &str) {
        if let Some(id) = crate::ids::full(id) {
            self.jobs.remove(&id);
        }
    }

    /// Ends all that are not over.
    pub fn abort(&mut self) -> usize {
        let left = self.jobs.values_mut().filter(|job| !job.state.is_over());
        left.map(|job| job.state = State::Aborted).count()
    }

    /// Oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values()
    }
}

pub fn delimiter(name: &str) -> Option<(&'static str, u8)> {
    DELIMITERS.into_iter().find(|(known, _)| *known == name)
}
