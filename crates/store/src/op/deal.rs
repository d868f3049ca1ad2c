//! Opportunities that puente made, and to what they are owed.

use model::UnixMs;
use model::ids::{ConversationId, PersonId, PhoneNumberId, RecordId, TenantId};

/// To what the person's next sale is owed, in place of what was kept.
#[derive(Clone, Debug)]
pub struct Attributed {
    pub tenant: TenantId,
    pub person: PersonId,
    pub touch: String,
    pub at: UnixMs,
}

/// An Opportunity is there. One of the conversation that is kept stays.
#[derive(Clone, Debug)]
pub struct NewDeal {
    pub tenant: TenantId,
    pub conversation: ConversationId,
    pub record: RecordId,
    pub person: PersonId,
    pub number: PhoneNumberId,
    pub at: UnixMs,
    pub touch: Option<String>,
}

/// How it stands in Salesforce. The first time at which it was closed stays while
/// it is closed the same way. Of a record that is not kept nothing changes.
#[derive(Clone, Debug)]
pub struct DealStands {
    pub tenant: TenantId,
    pub record: RecordId,
    pub is_won: bool,
    /// `None`: it is open.
    pub closed_at: Option<UnixMs>,
    pub amount: Option<i64>,
}
