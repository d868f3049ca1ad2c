//! Campaigns and their members.

use model::ids::{CampaignId, KeyId, OutboxId, PersonId, PhoneNumberId, RecordId};
use model::{Status, UnixMs};

use super::OutboxState;

words! {
    CampaignState {
        /// Its audience is being read.
        Draft = "draft",
        /// Somebody saw who is left out; nothing is sent.
        Checked = "checked",
        /// Begins by itself at its time.
        Scheduled = "scheduled",
        Running = "running",
        Paused = "paused",
        /// What was queued is being taken back.
        Stopping = "stopping",
        /// Every member has ended.
        Done = "done",
        Stopped = "stopped",
    }
}
words! {
    MemberState {
        /// Not in the outbox yet.
        Waiting = "waiting",
        Queued = "queued",
        /// Meta has it.
        Sent = "sent",
        /// Certainly not delivered; goes into the outbox again.
        HeldBack = "held_back",
        /// The answer was lost.
        Uncertain = "uncertain",
        Failed = "failed",
        /// Nothing was sent; the code says why.
        LeftOut = "left_out",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    pub id: CampaignId,
    pub name: String,
    pub state: CampaignState,
    pub number: PhoneNumberId,
    /// JSON of what is planned.
    pub plan: String,
    pub made_at: UnixMs,
    pub made_by: KeyId,
    pub acting_user: Option<String>,
    pub start_at: Option<UnixMs>,
    pub started_at: Option<UnixMs>,
    pub ended_at: Option<UnixMs>,
    /// Where reading the audience goes on.
    pub page: Option<String>,
    /// The audience is read to its end.
    pub audience_in: bool,
    /// The campaign in Salesforce whose members show what became of these.
    pub shown_in: Option<RecordId>,
    /// JSON of what the flight check found.
    pub report: Option<String>,
    /// Code of why it is paused.
    pub why: Option<String>,
    pub wait_until: Option<UnixMs>,
    pub wait_for: Option<String>,
    pub base_ended: u64,
    pub base_failed: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Rises with each member that is stored.
    pub seq: i64,
    pub person: PersonId,
    pub state: MemberState,
    pub due_at: UnixMs,
    pub rounds: u32,
    pub outbox: Option<OutboxId>,
    /// Why it is left out, or failed.
    pub code: Option<String>,
    pub sent_at: Option<UnixMs>,
    pub replied_at: Option<UnixMs>,
    /// The CampaignMember in Salesforce.
    pub member: Option<RecordId>,
    /// Values of the message's variables.
    pub bound: Vec<u8>,
}

/// How many members stand where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberCount {
    pub state: MemberState,
    pub code: Option<String>,
    pub members: u64,
    pub replied: u64,
    /// When Meta took the last of them.
    pub sent_at: Option<UnixMs>,
}

/// A member's send, and what became of it until now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSend {
    pub campaign: CampaignId,
    pub person: PersonId,
    pub outbox: OutboxId,
    pub state: MemberState,
    pub rounds: u32,
    pub send: OutboxState,
    pub code: Option<String>,
    pub accepted_at: Option<UnixMs>,
    pub failed_at: Option<UnixMs>,
    /// What Meta told of it, and the code with that.
    pub status: Option<Status>,
    pub status_code: Option<String>,
}

/// A member whose CampaignMember shows less than it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unshown {
    pub person: PersonId,
    pub member: Option<RecordId>,
    pub lead: Option<RecordId>,
    pub contact: Option<RecordId>,
    pub wants: u32,
}
