//! Files on their way: to Salesforce, when a customer sent them; to Meta, when
//! we send them. The bytes lie in the spool; here is what is known of them.

use model::UnixMs;
use model::ids::{MediaId, MessageId, OutboxId, PersonId, PhoneNumberId, RecordId, TenantId};

use crate::row::{MediaKind, MediaState};

/// A file that is wanted. Of a message there is one: fails with `Conflict` when
/// it has one already.
#[derive(Clone, Debug)]
pub struct NewMedia {
    pub tenant: TenantId,
    pub id: MediaId,
    pub kind: MediaKind,
    pub state: MediaState,
    pub person: Option<PersonId>,
    pub message: Option<MessageId>,
    pub outbox: Option<OutboxId>,
    pub number: Option<PhoneNumberId>,
    pub at: UnixMs,
    /// `None`: nobody works at it.
    pub due_at: Option<UnixMs>,
    pub expires_at: Option<UnixMs>,
    pub bytes: Option<u64>,
    /// Sealed under the person's key, the tenant's without one.
    pub about: Vec<u8>,
}

/// Which of the two remotes a worker is turned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaLane {
    /// Files that are still to be fetched.
    Fetch,
    /// Files that are here, or there and not linked.
    Deliver,
}

/// Leases up to `rows_max` files that are due and that nobody holds, longest
/// due first. A customer's file is left to who holds its org's writer, as long
/// as somebody does: the org's calls are counted there, and the file should lie
/// in that process's spool.
#[derive(Clone, Debug)]
pub struct ClaimMedia {
    pub lane: MediaLane,
    pub lease_ms: i64,
    pub rows_max: u32,
    /// Who asks, by the name under which it takes leases.
    pub holder: String,
    pub now: UnixMs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedMedia {
    pub tenant: TenantId,
    pub id: MediaId,
    pub epoch: i64,
}

/// What became of a step. Fails with `Fenced` when the file went to another
/// holder. `Called` keeps the lease; every other move gives it back.
#[derive(Clone, Debug)]
pub struct MediaStep {
    pub tenant: TenantId,
    pub id: MediaId,
    pub epoch: i64,
    pub at: UnixMs,
    pub step: MediaMove,
}

#[derive(Clone, Debug)]
pub enum MediaMove {
    /// Written before an upload is called.
    Called,
    /// The next state, with what is known by now; attempts start anew. What is
    /// `None` stays as it is, but for `due_at`: `None` is the end.
    Reached {
        state: MediaState,
        due_at: Option<UnixMs>,
        about: Option<Vec<u8>>,
        bytes: Option<u64>,
        version: Option<RecordId>,
        document: Option<RecordId>,
    },
    /// The same step later; `charge` counts an attempt.
    Again { due_at: UnixMs, charge: bool, code: Option<String>, detail: Option<String> },
    /// Set aside, visible, until a person has it tried again.
    Aside { code: String, detail: String },
}

/// A file that was set aside is requested again, with all its attempts; one
/// that is in Salesforce already goes on from there. Its message shows that it
/// waits, and the queued send it belongs to waits for it until `send_at`. Fails
/// with `Conflict` when it is not aside, or was discarded.
#[derive(Clone, Debug)]
pub struct MediaRetry {
    pub tenant: TenantId,
    pub id: MediaId,
    pub at: UnixMs,
    pub send_at: UnixMs,
}

/// Meta holds these bytes for this number until then.
#[derive(Clone, Debug)]
pub struct MediaCopy {
    pub tenant: TenantId,
    pub number: PhoneNumberId,
    /// Keyed hash of what it is a copy of.
    pub hash: [u8; 32],
    pub meta_id: String,
    pub expires_at: UnixMs,
}

/// A queued send waited for its file, which is there: it is due.
#[derive(Clone, Debug)]
pub struct SendReady {
    pub tenant: TenantId,
    pub outbox: OutboxId,
    pub at: UnixMs,
}

/// A queued send waited for its file, which cannot be had: a dead letter, as
/// after a refusal. Does nothing to a send that is no longer queued.
#[derive(Clone, Debug)]
pub struct SendHopeless {
    pub tenant: TenantId,
    pub outbox: OutboxId,
    pub at: UnixMs,
    pub code: String,
    pub detail: String,
}
