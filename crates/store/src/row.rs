//! What reads answer with: opened, typed rows.

use bytes::Bytes;
use model::ids::{
    AppId, AttemptId, ConversationId, InstallationId, KeyId, LaneId, MessageId, OrgId, OutboxId,
    PersonId, PhoneNumberId, RecordId, SurveyId, TenantId,
};
use model::{Status, UnixMs, Urgency};
use serde::{Deserialize, Serialize};

use crate::op::{HandleKind, Pricing};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$note:meta])* $variant:ident = $word:literal),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$note])* $variant),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text)
            }
        }
    };
}

mod budget;
mod campaign;
mod consent;
mod cost;
mod deal;
mod feed;
mod hold;
mod media;
mod metrics;
mod report;
mod survey;
mod template;

pub use budget::*;
pub use campaign::*;
pub use consent::*;
pub use cost::*;
pub use deal::*;
pub use feed::*;
pub use hold::*;
pub use media::*;
pub use metrics::*;
pub use report::*;
pub use survey::*;
pub use template::*;

mod bulk;
mod version;

pub use bulk::*;
pub use version::*;

words! { Direction { In = "in", Out = "out", Echo = "echo" } }
words! {
    /// The order is the priority.
    Class { Live = "live", Automatic = "automatic", Campaign = "campaign" }
}
words! {
    /// Our own objects in Salesforce; the order is the order of dependency.
    Object { Person = "person", Conversation = "conversation", Message = "message" }
}
words! {
    /// Standard records that puente may create.
    RecordKind { Lead = "lead", Contact = "contact", Case = "case", Opportunity = "opportunity" }
}
words! {
    RecordState {
        /// To be looked up before anything is created.
        Wanted = "wanted",
        /// Looked up, not found: to be created.
        Absent = "absent",
        /// A creation was called; after an unknown answer its create key is
        /// looked up before it is repeated.
        Creating = "creating",
        Linked = "linked",
        Aside = "aside",
        /// The rules make nothing; asked again when the person writes.
        Declined = "declined",
    }
}
words! {
    OutboxState {
        Queued = "queued",
        /// An attempt is open.
        Sending = "sending",
        /// Meta has it.
        Accepted = "accepted",
        /// The answer was lost; a status may still settle it.
        Uncertain = "uncertain",
        /// Uncertain for too long: a person decides.
        Asked = "asked",
        /// Refused for good: a dead letter.
        Failed = "failed",
        /// Unfinished when the database was restored; not sent until matched.
        Held = "held",
        Dropped = "dropped",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installation {
    pub id: InstallationId,
    /// Rises with each restore.
    pub generation: i64,
}

/// Who a person is, as far as they let us know. Sealed under their key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    pub display_name: Option<String>,
    /// As Meta gave it, never rewritten: the reply address.
    pub wa_id: Option<String>,
    /// `+` and digits.
    pub phone_e164: Option<String>,
    pub bsuid: Option<String>,
    pub parent_bsuid: Option<String>,
    pub username: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
}

#[derive(Clone, Debug)]
pub struct JournalEntry {
    pub seq: i64,
    pub app: AppId,
    pub received_at: UnixMs,
    pub attempts: u32,
    pub body: Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handle {
    pub kind: HandleKind,
    pub hash: [u8; 32],
    pub person: PersonId,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub id: PersonId,
    pub created_at: UnixMs,
    pub seen_at: UnixMs,
    pub profile: Profile,
    pub lead: Option<RecordId>,
    pub contact: Option<RecordId>,
    pub account: Option<RecordId>,
}

#[derive(Clone, Debug)]
pub struct Lane {
    pub id: LaneId,
    pub number: PhoneNumberId,
    pub person: PersonId,
    /// Meta's timestamp of the newest message the customer sent here.
    pub last_inbound_at: Option<UnixMs>,
    /// The question about a closed case that was asked here last.
    pub survey: Option<SurveyId>,
}

#[derive(Clone, Debug)]
pub struct Conversation {
    pub id: ConversationId,
    pub lane: LaneId,
    pub person: PersonId,
    pub number: PhoneNumberId,
    pub opened_at: UnixMs,
    pub closed_at: Option<UnixMs>,
    pub first_inbound_at: Option<UnixMs>,
    pub last_inbound_at: Option<UnixMs>,
    pub first_response_at: Option<UnixMs>,
    pub last_message_at: Option<UnixMs>,
    pub case: Option<RecordId>,
    pub opportunity: Option<RecordId>,
    /// When they were last told that nobody answers now.
    pub told_at: Option<UnixMs>,
}

/// A message with where it stands.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: MessageId,
    /// Rises with each message that is stored.
    pub seq: i64,
    pub conversation: ConversationId,
    pub person: PersonId,
    pub lane: LaneId,
    pub number: PhoneNumberId,
    pub direction: Direction,
    pub kind: String,
    pub record_key: String,
    pub outbox: Option<OutboxId>,
    pub journal: Option<i64>,
    pub sent_at: UnixMs,
    pub received_at: UnixMs,
    pub late: bool,
    pub body: Vec<u8>,
    /// `None` for what customers sent.
    pub state: Option<MessageState>,
    /// Of the file that comes with it, where there is one.
    pub media: Option<MessageMedia>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageState {
    pub status: Status,
    pub wamid: Option<String>,
    pub accepted_at: Option<UnixMs>,
    pub sent_at: Option<UnixMs>,
    pub delivered_at: Option<UnixMs>,
    pub read_at: Option<UnixMs>,
    pub played_at: Option<UnixMs>,
    pub failed_at: Option<UnixMs>,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub pricing: Option<Pricing>,
}

#[derive(Clone, Debug)]
pub struct Outbox {
    pub id: OutboxId,
    pub lane: LaneId,
    pub number: PhoneNumberId,
    pub person: PersonId,
    pub message: MessageId,
    pub class: Class,
    pub state: OutboxState,
    pub free_form: bool,
    pub reference: Option<String>,
    pub due_at: UnixMs,
    pub created_at: UnixMs,
    pub attempts: u32,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub body: Vec<u8>,
    /// How often a decision put it back into the queue, and when last: since
    /// then it is out of the order of its lane.
    pub replays: u32,
    pub replayed_at: Option<UnixMs>,
}

#[derive(Clone, Debug)]
pub struct Attempt {
    pub id: AttemptId,
    pub outbox: OutboxId,
    pub begun_at: UnixMs,
    pub ended_at: Option<UnixMs>,
    /// `open`, `accepted`, `refused`, `not_sent`, `uncertain`, `settled`.
    pub end: String,
    pub code: Option<String>,
}

#[derive(Clone, Debug)]
pub struct SyncRow {
    pub urgency: Urgency,
    pub object: Object,
    pub id: [u8; 16],
    pub root: PersonId,
    pub wanted: i64,
    pub sent: i64,
    pub done: i64,
    pub attempts: u32,
    pub due_at: UnixMs,
    pub aside: bool,
    pub aside_at: Option<UnixMs>,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub record: Option<RecordId>,
    pub first_wanted_at: UnixMs,
    pub last_sent_at: Option<UnixMs>,
    pub last_done_at: Option<UnixMs>,
}

/// A call to Salesforce that did not write its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncAttempt {
    pub at: UnixMs,
    pub version: i64,
    /// `retry`, `aside`.
    pub outcome: String,
    pub code: String,
}

#[derive(Clone, Debug)]
pub struct RecordLink {
    pub urgency: Urgency,
    pub person: PersonId,
    pub kind: RecordKind,
    pub slot: [u8; 16],
    pub state: RecordState,
    pub record: Option<RecordId>,
    pub attempts: u32,
    pub due_at: UnixMs,
    pub at: UnixMs,
    pub code: Option<String>,
    pub detail: Option<String>,
    /// What the rules decided, JSON.
    pub plan: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub id: i64,
    pub journal: i64,
    pub ordinal: u32,
    pub kind: String,
    pub number: Option<PhoneNumberId>,
    /// `done`, `aside`, `unclaimed`.
    pub state: String,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub received_at: UnixMs,
    pub at: UnixMs,
    pub message: Option<MessageId>,
    pub raw: Option<Bytes>,
}

#[derive(Clone, Debug)]
pub struct ApiKey {
    pub tenant: TenantId,
    pub id: KeyId,
    pub scopes: Vec<String>,
    pub label: String,
    pub created_at: UnixMs,
    pub expires_at: Option<UnixMs>,
    pub revoked_at: Option<UnixMs>,
}

#[derive(Clone, Debug)]
pub struct Alert {
    pub kind: String,
    pub subject: String,
    pub text: String,
    pub raised_at: UnixMs,
    /// When it was raised last.
    pub seen_at: UnixMs,
    pub cleared_at: Option<UnixMs>,
}

#[derive(Clone, Debug)]
pub struct Audit {
    pub seq: i64,
    pub at: UnixMs,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
    pub hash: [u8; 32],
}

#[derive(Clone, Debug)]
pub struct Tenant {
    pub id: TenantId,
    pub org: Option<OrgId>,
    pub created_at: UnixMs,
}

/// How much waits, and since when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Depths {
    pub journal: u64,
    pub journal_oldest: Option<UnixMs>,
    pub outbox_queued: u64,
    pub outbox_oldest: Option<UnixMs>,
    pub sends_open: u64,
    pub sends_uncertain: u64,
    pub sends_asked: u64,
    pub sends_failed: u64,
    pub sync_due: u64,
    pub sync_oldest: Option<UnixMs>,
    pub sync_aside: u64,
    pub records_aside: u64,
    pub journal_aside: u64,
    /// Shares of a long backlog that are on their way by Bulk jobs.
    pub bulk_jobs: u64,
    pub items_aside: u64,
    pub items_unclaimed: u64,
    pub media_due: u64,
    pub media_oldest: Option<UnixMs>,
    pub media_aside: u64,
}
