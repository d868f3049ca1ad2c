//! What the days of a tenant came to.

use model::UnixMs;
use model::ids::TenantId;

use crate::row::MetricCell;

/// Keeps the figures of one day in place of those that were kept, and forgets
/// that they were asked for.
#[derive(Clone, Debug)]
pub struct MetricsKept {
    pub tenant: TenantId,
    /// Since 1970-01-01, in the tenant's time zone.
    pub day: i32,
    pub at: UnixMs,
    /// Nothing of the day is expected to change any more.
    pub settled: bool,
    pub cells: Vec<MetricCell>,
}

/// Asks for days to be counted anew, from the first to the last. Answers how
/// many.
#[derive(Clone, Debug)]
pub struct MetricsAsked {
    pub tenant: TenantId,
    pub from: i32,
    pub to: i32,
}
