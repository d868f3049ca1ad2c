//! Reports that compare both sides.

use model::UnixMs;
use model::ids::{ReportId, TenantId};

/// Asking again for the same id changes nothing and answers `New(false)`.
#[derive(Clone, Debug)]
pub struct NewReport {
    pub tenant: TenantId,
    pub id: ReportId,
    pub asked_at: UnixMs,
    /// API key, person or part of the program.
    pub asked_by: String,
    /// Only what puente learned of at or after this time.
    pub since: Option<UnixMs>,
    /// Rows that differ are to be written again.
    pub repair: bool,
}

/// Keeps the 400 newest reports of the tenant. A report that has ended stays
/// as it is; one that was never asked for fails with `Conflict`.
#[derive(Clone, Debug)]
pub struct ReportEnd {
    pub tenant: TenantId,
    pub id: ReportId,
    pub at: UnixMs,
    /// One sentence: the counts, or why there is no report.
    pub summary: String,
    /// The signed document, sealed under the tenant's key; `None` when it
    /// could not be made.
    pub body: Option<Vec<u8>>,
}
