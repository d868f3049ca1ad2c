//! A long backlog by Bulk jobs. A job has people, whose rows it alone writes,
//! and goes through their persons, conversations and messages in that order.
//! Its state is durable before each step, so that whoever finds it after a
//! kill knows what may have happened.

use model::UnixMs;
use model::ids::{BulkId, PersonId, RecordId, TenantId};

use super::SyncRef;
use crate::row::{BulkState, Object};

/// A new job, `claimed`, with those of the people whom nobody holds and of whom
/// no call is open. Answers `Count` of them; without any, the commit fails.
#[derive(Clone, Debug)]
pub struct BulkClaim {
    pub tenant: TenantId,
    pub id: BulkId,
    pub roots: Vec<PersonId>,
    pub at: UnixMs,
}

/// Rows of a job's people at the versions that their bodies were projected
/// from: sets `sent`, counts an attempt, and puts them into the job.
#[derive(Clone, Debug)]
pub struct BulkBegin {
    pub tenant: TenantId,
    pub id: BulkId,
    pub rows: Vec<SyncRef>,
    pub at: UnixMs,
}

/// Moves the job on.
#[derive(Clone, Debug)]
pub struct BulkStep {
    pub tenant: TenantId,
    pub id: BulkId,
    pub object: Object,
    pub state: BulkState,
    pub remote: Option<RecordId>,
    /// Not looked at before.
    pub due_at: UnixMs,
    pub looks: u32,
    /// What was wanted since then is not the job's.
    pub begun_at: UnixMs,
    pub at: UnixMs,
}

/// Takes out of the job what is still in it: nothing of it was written, and its
/// attempts are not charged. `by_call`: no job is to take it again.
#[derive(Clone, Debug)]
pub struct BulkRelease {
    pub tenant: TenantId,
    pub id: BulkId,
    pub by_call: bool,
}

/// Rows that a job cannot write, but a call may.
#[derive(Clone, Debug)]
pub struct ByCall {
    pub tenant: TenantId,
    pub rows: Vec<(Object, [u8; 16])>,
}

/// Ends the job and lets its people go. What they want by now goes by calls,
/// so that nobody waits for a second job.
#[derive(Clone, Debug)]
pub struct BulkClose {
    pub tenant: TenantId,
    pub id: BulkId,
}
