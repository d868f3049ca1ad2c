//! People, their lanes and conversations, messages and statuses.

use model::ids::{
    AttemptId, ConversationId, LaneId, MessageId, OutboxId, PersonId, PhoneNumberId, RecordId,
    TenantId,
};
use model::{Status, UnixMs};

use crate::row::{Direction, Profile};

/// Makes the person and the key that seals all that is theirs. Fails with
/// `Conflict` when the id is taken, with `Sealed` before the tenant is put.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub tenant: TenantId,
    pub id: PersonId,
    pub at: UnixMs,
    pub profile: Profile,
}

/// How a person can be recognised. The value is a keyed hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HandleKind {
    /// Business-scoped user id.
    Bsuid,
    /// WhatsApp id, digits.
    WaId,
    /// E.164 in its national variants' common form; a weak match.
    Phone,
}

impl HandleKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bsuid => "bsuid",
            Self::WaId => "wa_id",
            Self::Phone => "phone",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Bsuid, Self::WaId, Self::Phone].into_iter().find(|k| k.as_str() == text)
    }
}

/// Fails with `Conflict` when the handle is another person's; a repeat for the
/// same person only refreshes its time.
#[derive(Clone, Debug)]
pub struct NewHandle {
    pub tenant: TenantId,
    pub person: PersonId,
    pub kind: HandleKind,
    pub hash: [u8; 32],
    pub at: UnixMs,
}

/// Replaces the profile when given; times only move forward.
#[derive(Clone, Debug)]
pub struct PersonUpdate {
    pub tenant: TenantId,
    pub id: PersonId,
    pub profile: Option<Profile>,
    pub seen_at: UnixMs,
}

/// Sets the given links; `None` leaves one as it is.
#[derive(Clone, Debug)]
pub struct PersonLink {
    pub tenant: TenantId,
    pub id: PersonId,
    pub lead: Option<RecordId>,
    pub contact: Option<RecordId>,
    pub account: Option<RecordId>,
}

/// Fails with `Conflict` when the pair has a lane.
#[derive(Clone, Debug)]
pub struct NewLane {
    pub tenant: TenantId,
    pub id: LaneId,
    pub number: PhoneNumberId,
    pub person: PersonId,
}

/// The customer wrote at `at` (Meta's timestamp): keeps the later time, from
/// which the service window is counted.
#[derive(Clone, Debug)]
pub struct LaneInbound {
    pub tenant: TenantId,
    pub lane: LaneId,
    pub at: UnixMs,
}

/// Its customer is told that nobody answers now: an effect of the message that
/// tells it.
#[derive(Clone, Debug)]
pub struct ConversationTold {
    pub tenant: TenantId,
    pub id: ConversationId,
    pub at: UnixMs,
}

/// Its case was looked at for what the customer wrote until `moved`, or closed
/// by a rule.
#[derive(Clone, Debug)]
pub struct CaseSeen {
    pub tenant: TenantId,
    pub id: ConversationId,
    pub moved: Option<UnixMs>,
    pub closed: Option<UnixMs>,
}

/// Ends it, unless somebody wrote since `last`: then nothing happens.
#[derive(Clone, Debug)]
pub struct ConversationClosed {
    pub tenant: TenantId,
    pub id: ConversationId,
    pub at: UnixMs,
    /// Its last message, as whoever ends it saw it.
    pub last: Option<UnixMs>,
    /// When Salesforce is to show it.
    pub due_at: UnixMs,
}

/// Fails with `Conflict` when the lane has an open conversation.
#[derive(Clone, Debug)]
pub struct NewConversation {
    pub tenant: TenantId,
    pub id: ConversationId,
    pub lane: LaneId,
    pub person: PersonId,
    pub number: PhoneNumberId,
    pub opened_at: UnixMs,
}

/// Fails with `Conflict` when it has ended: what is said now begins another.
/// Monotone: first times keep the earlier value, last times the later one. An
/// outbound time counts as a response when it is no earlier than the first
/// inbound one.
#[derive(Clone, Debug)]
pub struct ConversationTouch {
    pub tenant: TenantId,
    pub id: ConversationId,
    pub inbound_at: Option<UnixMs>,
    pub outbound_at: Option<UnixMs>,
}

/// Sets the given links; `None` leaves one as it is.
#[derive(Clone, Debug)]
pub struct ConversationLink {
    pub tenant: TenantId,
    pub id: ConversationId,
    pub case: Option<RecordId>,
    pub opportunity: Option<RecordId>,
}

#[derive(Clone, Debug)]
pub struct NewMessage {
    pub tenant: TenantId,
    pub id: MessageId,
    pub conversation: ConversationId,
    pub person: PersonId,
    pub lane: LaneId,
    pub number: PhoneNumberId,
    pub direction: Direction,
    /// Meta's type word: `text`, `image`, `template` ...
    pub kind: String,
    /// Key of the row in Salesforce: lower-case hex SHA-256.
    pub record_key: String,
    /// Rendezvous with statuses: keyed hash of number and wamid. `None` until
    /// Meta has answered a send of ours.
    pub state_key: Option<[u8; 16]>,
    pub outbox: Option<OutboxId>,
    pub journal: Option<i64>,
    /// Meta's timestamp, or the time we accepted the send.
    pub sent_at: UnixMs,
    pub received_at: UnixMs,
    /// Over an hour older than the newest of its lane: answered by nobody automatically.
    pub late: bool,
    /// Sealed under the person's key.
    pub body: Vec<u8>,
}

/// A status webhook. Upserts the rendezvous row of (number, state key), keeps
/// the higher rank and the first time of each step, and:
///
/// * finds its message through the state key, else through the attempt;
/// * settles an attempt that is open or uncertain, and its outbox row;
/// * counts a delivered message once under its month and price;
/// * when anything changed and the message is known, wants the message's
///   Salesforce row no later than `sync_due_at`, and writes a feed row.
#[derive(Clone, Debug)]
pub struct StatusSeen {
    pub tenant: TenantId,
    pub number: PhoneNumberId,
    pub state_key: [u8; 16],
    pub status: Status,
    pub at: UnixMs,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub pricing: Option<Pricing>,
    /// From our own tracker only.
    pub attempt: Option<AttemptId>,
    /// Meta's id, sealed into the message's rendezvous when it is learned here first.
    pub wamid: String,
    pub sync_due_at: UnixMs,
}

/// As Meta words it in `statuses[].pricing`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pricing {
    pub category: String,
    pub kind: String,
    pub model: String,
    /// Whether Meta charges the message.
    pub billable: bool,
    /// Of who gets it, where their number is known.
    pub calling_code: Option<String>,
}
