//! Sends: accepted with a request key, claimed by lane, permitted once.

use model::ids::{AttemptId, LaneId, MessageId, OutboxId, PersonId, PhoneNumberId, TenantId};
use model::{ConsentPolicy, Denied, Purpose, UnixMs};

use super::{Op, TemplateUse};
use crate::row::Class;

/// A wish to send. When the request key is known in the tenant, nothing is
/// written and the answer is `Known`; else the row and the effects are.
#[derive(Clone, Debug)]
pub struct NewOutbox {
    pub tenant: TenantId,
    pub id: OutboxId,
    pub lane: LaneId,
    pub number: PhoneNumberId,
    pub person: PersonId,
    pub message: MessageId,
    pub class: Class,
    /// Hash of the `Idempotency-Key`.
    pub request_key: [u8; 32],
    /// Hash of the canonical request: the same key with another body is refused.
    pub request_digest: [u8; 32],
    /// Anything but a template: needs an open service window when it is sent.
    pub free_form: bool,
    /// The template that it is.
    pub template: Option<TemplateUse>,
    /// What the person must not have opted out of when it is sent.
    pub purpose: Purpose,
    /// The caller's own reference, shown by `GET /status`; at most 128 characters.
    pub reference: Option<String>,
    /// The Salesforce user for whom it is sent.
    pub agent: Option<String>,
    pub due_at: UnixMs,
    pub created_at: UnixMs,
    /// Sealed under the person's key.
    pub body: Vec<u8>,
    pub effects: Vec<Op>,
}

/// Leases up to `lanes_max` lanes whose head is due and that nobody holds.
/// Live heads come before automatic, automatic before campaign; within a
/// class the longest due comes first. Nothing is claimed while sends are held.
#[derive(Clone, Debug)]
pub struct ClaimLanes {
    pub lease_ms: i64,
    pub lanes_max: u32,
    /// So many of them are for the live class alone.
    pub live_only: u32,
    /// Lanes of these numbers alone; `None`: of all.
    pub numbers: Option<Vec<PhoneNumberId>>,
    pub now: UnixMs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedLane {
    pub tenant: TenantId,
    pub lane: LaneId,
    pub epoch: i64,
    pub number: PhoneNumberId,
    pub person: PersonId,
}

/// Gives the lane back; it is not claimed again before `hold_until`. A lane
/// that went to another holder is left alone.
#[derive(Clone, Debug)]
pub struct LaneRelease {
    pub lane: LaneId,
    pub epoch: i64,
    pub hold_until: Option<UnixMs>,
}

/// Writes the attempt down before the call, after the checks that count:
/// the row is still queued and due, and a free-form message has an open
/// window (24 h from the lane's last inbound), a template that is known is
/// approved, in the category that was agreed to, and the person may be written to
/// by what they said until now: for the purpose of the template's category as it
/// is now, else for the row's. Commit it under the lane's fence. What must not be
/// sent fails for good and says `NotNow`.
#[derive(Clone, Debug)]
pub struct BeginSend {
    pub tenant: TenantId,
    pub outbox: OutboxId,
    pub attempt: AttemptId,
    pub at: UnixMs,
    /// The call must have been written to the wire before this wall time.
    pub deadline: UnixMs,
    /// When a refusal here must be in Salesforce.
    pub sync_due_at: UnixMs,
    pub policy: ConsentPolicy,
}

/// Made only by `BeginSend`, spent by `FinishSend`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendPermit {
    pub tenant: TenantId,
    pub outbox: OutboxId,
    pub attempt: AttemptId,
    /// 1 for the first call.
    pub number_of_attempt: u32,
    pub deadline: UnixMs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// Another worker or a person dealt with the row.
    Gone,
    /// The 24-hour window closed before the call; the row has failed.
    WindowClosed,
    /// The person does not want it, or never said so; the row has failed.
    Denied(Denied),
    /// Its template is not approved, or in a category that nobody agreed to;
    /// the row has failed.
    TemplateStopped,
    /// This database may not be the newest one: see [`super::HoldRaised`].
    Held,
}

/// How the call ended. Repeating it changes nothing. What a status has settled
/// meanwhile stays settled; a late `Accepted` is believed even after
/// `Uncertain`. Fails with `Conflict` when the attempt was never begun.
#[derive(Clone, Debug)]
pub struct FinishSend {
    pub permit: SendPermit,
    pub at: UnixMs,
    pub end: SendEnd,
    pub sync_due_at: UnixMs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendEnd {
    /// 200 with a wamid. Joins the rendezvous row, whichever side came first.
    Accepted { state_key: [u8; 16], wamid: String },
    /// Refused for good: dead letter, with the reason.
    Refused { code: String, detail: String },
    /// Proven unsent: the row is queued again and due at this time.
    NotSent { code: String, detail: String, due_at: UnixMs },
    /// Nobody knows. Waits for a status until this time, then for a person.
    Uncertain { code: String, detail: String, until: UnixMs },
}
