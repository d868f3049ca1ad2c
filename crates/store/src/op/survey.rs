//! What the customers of closed cases are asked, and what they answered.

use model::UnixMs;
use model::ids::{ConversationId, LaneId, PersonId, PhoneNumberId, RecordId, SurveyId, TenantId};

use super::Op;
use crate::row::SurveyAsk;

/// Notices a closed case. One that was noticed before changes nothing:
/// `New(false)`.
#[derive(Clone, Debug)]
pub struct NewSurvey {
    pub tenant: TenantId,
    pub id: SurveyId,
    pub case: RecordId,
    pub conversation: ConversationId,
    pub lane: LaneId,
    pub person: PersonId,
    pub number: PhoneNumberId,
    pub at: UnixMs,
    pub closed_at: UnixMs,
    pub due_at: UnixMs,
}

/// Moves one that waits; of any other nothing changes, and nothing else happens:
/// `Count(0)`.
#[derive(Clone, Debug)]
pub struct SurveyStep {
    pub tenant: TenantId,
    pub id: SurveyId,
    pub step: SurveyTo,
}

#[derive(Clone, Debug)]
pub enum SurveyTo {
    /// With the send that asks: both or neither.
    Asked {
        ask: SurveyAsk,
        effects: Vec<Op>,
    },
    Skipped {
        reason: String,
    },
    Later {
        due_at: UnixMs,
    },
    /// The case is open again: it is noticed when it closes.
    Forgotten,
}

/// Keeps what the customer answered, of one that was asked. `None` leaves score or
/// comment as it is; the time of the first answer stays.
#[derive(Clone, Debug)]
pub struct SurveyHeard {
    pub tenant: TenantId,
    pub id: SurveyId,
    pub score: Option<u32>,
    /// Sealed under the person's key.
    pub comment: Option<String>,
    /// Meta's timestamp of the answer.
    pub at: UnixMs,
    /// When the case is to have it.
    pub due_at: UnixMs,
}

/// The case has what was heard until `heard`, or is written to again then.
#[derive(Clone, Debug)]
pub struct SurveyWritten {
    pub tenant: TenantId,
    pub id: SurveyId,
    pub heard: Option<i64>,
    pub due_at: UnixMs,
}
