//! Calls to an org's API: as they are counted where they are made, and as the
//! org counts them.

use model::UnixMs;
use model::ids::TenantId;

/// What happened since the step before. Counts are added, the standing is
/// replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetStep {
    pub tenant: TenantId,
    /// The number of the present five minutes since 1970.
    pub slot: i64,
    /// Own calls, by kind.
    pub calls: Vec<(&'static str, i64)>,
    /// Calls of other programs that a reading revealed.
    pub others: i64,
    /// Messages that Salesforce shows and did not before.
    pub messages: i64,
    /// Rows refused because somebody else held them or their parent.
    pub lock_errors: i64,
    /// `None` before the org has told its allocation.
    pub standing: Option<BudgetStanding>,
}

/// Where the calls of an org stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetStanding {
    /// Calls of all programs in the 24 hours before `read_at`.
    pub used: i64,
    /// The org's allocation.
    pub max: i64,
    pub read_at: UnixMs,
    /// How many puente lets be used.
    pub ceiling: i64,
    /// When the ceiling is reached at the present pace; `None`: not foreseen.
    pub exhausted_at: Option<UnixMs>,
    /// How many of the lanes are slowed, and how many wait: statuses first,
    /// then what is automatic, then what is live.
    pub slowed: u32,
    pub waiting: u32,
}
