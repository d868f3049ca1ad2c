//! The closed set of writes. Each variant says what it promises, and what it
//! answers in the [`Did`] at its own index.

mod access;
mod budget;
mod bulk;
mod campaign;
mod consent;
mod cost;
mod deal;
mod hold;
mod inbound;
mod journal;
mod letters;
mod media;
mod metrics;
mod outbound;
mod report;
mod survey;
mod sync;
mod template;
mod version;

pub use access::*;
pub use budget::*;
pub use bulk::*;
pub use campaign::*;
pub use consent::*;
pub use cost::*;
pub use deal::*;
pub use hold::*;
pub use inbound::*;
pub use journal::*;
pub use letters::*;
pub use media::*;
pub use metrics::*;
pub use outbound::*;
pub use report::*;
pub use survey::*;
pub use sync::*;
pub use template::*;
pub use version::*;

use model::UnixMs;
use model::ids::{LaneId, OutboxId};

/// Rows that become durable together, or not at all.
#[derive(Clone, Debug)]
pub struct Commit {
    pub fence: Option<Fence>,
    pub ops: Vec<Op>,
}

impl Commit {
    pub fn of(ops: Vec<Op>) -> Self {
        Self { fence: None, ops }
    }

    pub fn fenced(fence: Fence, ops: Vec<Op>) -> Self {
        Self { fence: Some(fence), ops }
    }
}

/// Who may write: the commit fails with [`crate::StoreError::Fenced`] when the
/// epoch is not the stored one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fence {
    Lease { name: String, epoch: i64 },
    Lane { lane: LaneId, epoch: i64 },
}

#[derive(Clone, Debug)]
pub enum Op {
    // journal and items
    AppendWebhook(NewWebhook),
    JournalAttempt {
        seqs: Vec<i64>,
    },
    JournalDone {
        seq: i64,
        at: UnixMs,
    },
    JournalAside {
        seq: i64,
        at: UnixMs,
        code: String,
    },
    Item(NewItem),
    // people and their threads
    NewPerson(NewPerson),
    AddHandle(NewHandle),
    UpdatePerson(PersonUpdate),
    LinkPerson(PersonLink),
    NewLane(NewLane),
    LaneInbound(LaneInbound),
    NewConversation(NewConversation),
    TouchConversation(ConversationTouch),
    CloseConversation(ConversationClosed),
    CaseSeen(CaseSeen),
    ConversationTold(ConversationTold),
    LinkConversation(ConversationLink),
    NewMessage(NewMessage),
    MergeStatus(StatusSeen),
    // sends
    Accept(Box<NewOutbox>),
    ClaimLanes(ClaimLanes),
    ReleaseLane(LaneRelease),
    BeginSend(BeginSend),
    FinishSend(FinishSend),
    AskUncertain {
        at: UnixMs,
    },
    // what people decide
    DecideSend(SendDecision),
    ReplayLetter(LetterReplay),
    DiscardLetter(LetterDiscard),
    EditLetter(LetterEdit),
    // toward Salesforce
    Want(Want),
    SyncBegin(SyncBegin),
    SyncEnd(SyncEnd),
    WantRecord(NewRecordLink),
    RecordStep(RecordStep),
    Budget(BudgetStep),
    AskReport(NewReport),
    EndReport(ReportEnd),
    // a database that may not be the newest one
    Hold(HoldRaised),
    HeldSent(HeldSent),
    DecideHeld(HeldDecision),
    EndHold(HoldEnd),
    // files
    NewMedia(NewMedia),
    ClaimMedia(ClaimMedia),
    MediaStep(MediaStep),
    RetryMedia(MediaRetry),
    KeepCopy(MediaCopy),
    /// Uploads nobody sent in time, and copies that Meta has forgotten.
    PurgeMedia {
        now: UnixMs,
    },
    SendReady(SendReady),
    SendHopeless(SendHopeless),
    // templates
    TemplateListed(TemplateListed),
    TemplateTold(TemplateTold),
    AgreeTemplate(TemplateAgreed),
    WantTemplates(TemplateListWanted),
    TemplateListStep(TemplateListStep),
    // a long backlog
    BulkClaim(BulkClaim),
    BulkBegin(BulkBegin),
    BulkStep(BulkStep),
    BulkRelease(BulkRelease),
    ByCall(ByCall),
    BulkClose(BulkClose),
    // what admins write as files
    NewVersion(NewVersion),
    UseVersion(VersionUse),
    // who may be written to
    Consent(NewConsent),
    // what it all comes to
    RecountCost(CostRecount),
    KeepMetrics(MetricsKept),
    AskMetrics(MetricsAsked),
    // one message to many people
    NewCampaign(NewCampaign),
    MoveCampaign(CampaignMove),
    CampaignPage(CampaignPage),
    CampaignWaits(CampaignWait),
    HoldCampaign(CampaignHeld),
    NewMembers(NewMembers),
    QueueMember(MemberQueued),
    MemberStep(MemberStep),
    MemberReplied(MemberReplied),
    MemberShown(MemberShown),
    WithdrawSend(SendWithdrawn),
    // what they buy
    Attribute(Attributed),
    NewDeal(NewDeal),
    DealStands(DealStands),
    // how satisfied customers are
    NewSurvey(NewSurvey),
    SurveyStep(SurveyStep),
    SurveyHeard(SurveyHeard),
    SurveyWritten(SurveyWritten),
    // access, leases, upkeep
    TakeLease(TakeLease),
    /// Ends what a dead process held: leases, lanes, calls to Salesforce that
    /// were under way. A lane with an open attempt is held for half a minute:
    /// its call may still arrive. Only for a process that knows it works alone, because
    /// it holds the lock of an embedded database.
    TakeOver {
        at: UnixMs,
    },
    PutTenant(TenantRow),
    PutNumber(NumberRow),
    NewApiKey(NewApiKey),
    RevokeApiKey(ApiKeyRevoked),
    Audit(AuditEntry),
    RaiseAlert(AlertRaised),
    ClearAlert(AlertCleared),
    PutCursor(CursorRow),
    Purge(Purge),
}

/// What one op did, at the same index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Did {
    Done,
    /// `AppendWebhook`: the journal's sequence number.
    Seq(i64),
    /// `NewCampaign`, `NewDeal`, `NewSurvey`, `Item`, `WantRecord`, `Consent`: whether it was new. When not, its effects were
    /// skipped whole. `AskReport`: whether it was not asked for before.
    New(bool),
    /// `MergeStatus`: whether the stored status rose or learned a time.
    Raised(bool),
    /// `Accept`: written, or the row that already holds this request key.
    Accepted,
    Known {
        outbox: OutboxId,
        same_body: bool,
    },
    /// `ClaimLanes`: leased to the caller until they are released or run out.
    Claimed(Vec<ClaimedLane>),
    /// `ClaimMedia`: leased to the caller until their step or until they run out.
    Media(Vec<ClaimedMedia>),
    /// `BeginSend`: the one permission to make the one call, or why not.
    Permit(SendPermit),
    NotNow(NotNow),
    /// `DecideSend`, `ReplayLetter`, `DiscardLetter`, `EditLetter`.
    Decided(Decided),
    /// `TakeLease`: the epoch, when the lease is ours now.
    Lease(Option<i64>),
    /// `NewVersion`, `UseVersion`: the version that is in use now.
    Version(i64),
    /// `Purge`, `PurgeMedia`: rows removed. `AskUncertain`: sends that now wait for a person.
    /// `Hold`: sends held. `DecideHeld`: sends decided. `EndHold`: sends that
    /// are held still.
    /// `BulkClaim`: people held. `AskMetrics`: days asked for. `NewMembers`: members
    /// that were new. `MemberReplied`: members that count as answered now.
    Count(u64),
}
