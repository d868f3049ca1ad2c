//! Opportunities that puente made, and to what they are owed.

use model::UnixMs;
use model::ids::{ConversationId, PersonId, PhoneNumberId, RecordId};

/// To what a person's next sale is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// `ad:ID`, `post:ID`, `campaign:ID`, `button:ID`.
    pub touch: String,
    pub at: UnixMs,
}

/// One Opportunity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deal {
    pub conversation: ConversationId,
    pub record: RecordId,
    pub person: PersonId,
    pub number: PhoneNumberId,
    pub made_at: UnixMs,
    pub touch: Option<String>,
    pub is_won: bool,
    /// When it was known to be closed, won or lost.
    pub closed_at: Option<UnixMs>,
    /// In hundredths.
    pub amount: Option<i64>,
}
