//! What the customers of closed cases are asked, and what they answered.

use model::UnixMs;
use model::ids::{ConversationId, LaneId, MessageId, PersonId, PhoneNumberId, RecordId, SurveyId};

words! {
    SurveyState {
        /// To be asked when its time has come.
        Waiting = "waiting",
        Asked = "asked",
        Answered = "answered",
        /// Not asked, and the reason is kept.
        Skipped = "skipped",
    }
}

/// Of one closed case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyCase {
    pub id: SurveyId,
    pub case: RecordId,
    pub conversation: ConversationId,
    pub lane: LaneId,
    pub person: PersonId,
    pub number: PhoneNumberId,
    pub noticed_at: UnixMs,
    pub closed_at: UnixMs,
    pub state: SurveyState,
    /// Waiting: when it is looked at. Else: when the case is written to.
    pub due_at: UnixMs,
    /// Why it is not asked.
    pub reason: Option<String>,
    pub asked: Option<SurveyAsk>,
    pub score: Option<u32>,
    pub answered_at: Option<UnixMs>,
    pub comment: Option<String>,
    /// Rises with each answer and comment.
    pub heard: i64,
    /// Up to which the case has them.
    pub written: i64,
}

/// How it was asked. Its terms hold whatever the file says later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyAsk {
    /// Of the file.
    pub version: i64,
    pub message: MessageId,
    pub at: UnixMs,
    /// `csat`, `nps`.
    pub scale: String,
    pub answer_hours: i64,
    pub comment_minutes: i64,
}
