//! What Salesforce must come to show: one row per record with the versions
//! wanted, sent and done; and one row per standard record that is created once.

use model::UnixMs;
use model::ids::{PersonId, RecordId, TenantId};

use crate::row::{Object, RecordKind, RecordState};

/// Raises `wanted` by one; the row is due no later than before and no later
/// than `due_at`. The body is projected from state when it is sent. The first
/// version of a row is 1, and 2^32 higher for each restore of this database.
#[derive(Clone, Debug)]
pub struct Want {
    pub tenant: TenantId,
    pub object: Object,
    pub id: [u8; 16],
    /// Lock root: rows of one person are never in two calls at once.
    pub root: PersonId,
    pub due_at: UnixMs,
}

/// A row of one call, at the version its body was projected from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SyncRef {
    pub object: Object,
    pub id: [u8; 16],
    pub version: i64,
}

/// Written before the call: sets `sent` and counts an attempt for each row.
#[derive(Clone, Debug)]
pub struct SyncBegin {
    pub tenant: TenantId,
    pub rows: Vec<SyncRef>,
    pub at: UnixMs,
}

#[derive(Clone, Debug)]
pub struct SyncEnd {
    pub tenant: TenantId,
    pub row: SyncRef,
    pub at: UnixMs,
    pub end: SyncOutcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncOutcome {
    /// `done` becomes this version at least; attempts start anew.
    Written(RecordId),
    /// Due again at this time; by a call, if it was in a Bulk job.
    Retry { code: String, detail: String, due_at: UnixMs },
    /// Not reached by the remote: the attempt is not charged.
    Halted { due_at: UnixMs },
    /// Set aside: visible, not due until it is replayed or wanted anew.
    Aside { code: String, detail: String },
}

/// The decision that a standard record shall exist, taken once per
/// (tenant, person, kind, slot). Answers `New(false)` when it was taken before and
/// stands.
#[derive(Clone, Debug)]
pub struct NewRecordLink {
    pub tenant: TenantId,
    pub person: PersonId,
    pub kind: RecordKind,
    /// The person for a Lead or Contact, the conversation for a Case.
    pub slot: [u8; 16],
    pub at: UnixMs,
    pub due_at: UnixMs,
    /// The person wrote: what the rules declined is decided anew.
    pub again: bool,
}

/// Moves the link on. `attempts` grows when `charge` is set.
#[derive(Clone, Debug)]
pub struct RecordStep {
    pub tenant: TenantId,
    pub person: PersonId,
    pub kind: RecordKind,
    pub slot: [u8; 16],
    pub state: RecordState,
    pub record: Option<RecordId>,
    pub due_at: UnixMs,
    pub charge: bool,
    pub code: Option<String>,
    pub detail: Option<String>,
    /// What the rules decided, JSON; kept when left out.
    pub plan: Option<String>,
    pub at: UnixMs,
}
