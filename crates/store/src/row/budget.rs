//! What an org's allocation of API calls stands at.

use crate::op::BudgetStanding;

/// The calls of a tenant's org.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiBudget {
    /// `None` before the org has told its allocation.
    pub standing: Option<BudgetStanding>,
    /// Oldest first.
    pub slots: Vec<ApiSlot>,
    /// Own calls since the first, by kind.
    pub calls: Vec<(String, i64)>,
    /// Messages that Salesforce came to show, since the first.
    pub messages: i64,
    /// Rows refused because somebody else held them or their parent.
    pub lock_errors: i64,
}

/// What was called in five minutes, and what it brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiSlot {
    /// The number of these five minutes since 1970.
    pub slot: i64,
    pub own: i64,
    pub others: i64,
    /// Messages that Salesforce came to show.
    pub messages: i64,
}
