//! Campaigns: one message to many people, a row for each person.

use model::UnixMs;
use model::ids::{CampaignId, KeyId, OutboxId, PersonId, PhoneNumberId, RecordId, TenantId};

use crate::row::{CampaignState, MemberState};

/// A draft. When the id is known in the tenant nothing is written: `New(false)`.
#[derive(Clone, Debug)]
pub struct NewCampaign {
    pub tenant: TenantId,
    pub id: CampaignId,
    pub name: String,
    pub number: PhoneNumberId,
    /// JSON of what is planned; never changed.
    pub plan: String,
    /// `false`: its audience is read from elsewhere, page by page.
    pub audience_in: bool,
    /// The campaign in Salesforce whose members show what became of these.
    pub shown_in: Option<RecordId>,
    pub at: UnixMs,
    pub by: KeyId,
    pub acting_user: Option<String>,
}

/// Brings it into another state. Fails with `Conflict` when it is in none of
/// `from`. `Paused` and `Stopping` hold what is queued, `Running` lets it go and
/// counts its failures anew.
#[derive(Clone, Debug)]
pub struct CampaignMove {
    pub tenant: TenantId,
    pub id: CampaignId,
    pub from: Vec<CampaignState>,
    pub to: CampaignState,
    pub at: UnixMs,
    /// Of `Scheduled`.
    pub start_at: Option<UnixMs>,
    /// Code of why, of `Paused`.
    pub why: Option<String>,
    /// Of `Checked`.
    pub report: Option<String>,
}

/// Where reading the audience goes on. Fails with `Conflict` when it is no
/// draft.
#[derive(Clone, Debug)]
pub struct CampaignPage {
    pub tenant: TenantId,
    pub id: CampaignId,
    pub page: Option<String>,
    /// Set once the audience is read to its end.
    pub audience_in: bool,
}

/// What a running campaign waits for: for people to see.
#[derive(Clone, Debug)]
pub struct CampaignWait {
    pub tenant: TenantId,
    pub id: CampaignId,
    pub until: Option<UnixMs>,
    pub what: Option<String>,
}

/// What it has queued is not sent before then.
#[derive(Clone, Debug)]
pub struct CampaignHeld {
    pub tenant: TenantId,
    pub id: CampaignId,
    pub until: UnixMs,
}

/// People of a draft. Who is in it already stays as they are. Fails with
/// `Conflict` when it is no draft.
#[derive(Clone, Debug)]
pub struct NewMembers {
    pub tenant: TenantId,
    pub campaign: CampaignId,
    pub at: UnixMs,
    pub members: Vec<NewMember>,
}

#[derive(Clone, Debug)]
pub struct NewMember {
    pub person: PersonId,
    /// The CampaignMember in Salesforce.
    pub member: Option<RecordId>,
    /// Sealed under the person's key: values of the message's variables.
    pub bound: Vec<u8>,
}

/// The member's send is in the outbox: an effect of [`super::NewOutbox`]. Fails
/// with `Conflict` when the campaign does not run, or the member does not wait
/// with so many rounds behind it; then the send is not accepted either.
#[derive(Clone, Debug)]
pub struct MemberQueued {
    pub tenant: TenantId,
    pub campaign: CampaignId,
    pub person: PersonId,
    pub rounds: u32,
    pub outbox: OutboxId,
}

/// What became of a member. Nothing happens when its last send is another one
/// than `outbox`, or when it is in none of `from`.
#[derive(Clone, Debug)]
pub struct MemberStep {
    pub tenant: TenantId,
    pub campaign: CampaignId,
    pub person: PersonId,
    pub outbox: Option<OutboxId>,
    pub from: Vec<MemberState>,
    pub to: MemberState,
    pub code: Option<String>,
    /// Of `HeldBack`.
    pub due_at: Option<UnixMs>,
    /// Meta took it then: the CampaignMember is to show it.
    pub sent_at: Option<UnixMs>,
}

/// The person wrote: it counts for every campaign that wrote to them since.
#[derive(Clone, Debug)]
pub struct MemberReplied {
    pub tenant: TenantId,
    pub person: PersonId,
    pub at: UnixMs,
    pub sent_since: UnixMs,
}

/// The CampaignMember shows so much now, or will be tried again, or never.
#[derive(Clone, Debug)]
pub struct MemberShown {
    pub tenant: TenantId,
    pub campaign: CampaignId,
    pub person: PersonId,
    pub end: ShowEnd,
}

#[derive(Clone, Debug)]
pub enum ShowEnd {
    Shows { member: RecordId, shows: u32 },
    Again { at: UnixMs },
    Never { code: String },
}

/// Ends a send of a campaign that is queued: certainly not sent. Nothing
/// happens to one that is not queued.
#[derive(Clone, Debug)]
pub struct SendWithdrawn {
    pub tenant: TenantId,
    pub outbox: OutboxId,
    pub at: UnixMs,
    pub code: String,
}
