//! Where a simulation may kill the process.

use crate::op::Commit;

/// Asked around every commit. `true` ends the store as if the process had
/// died there: this call and every later one through this handle fails with
/// [`crate::StoreError::Broken`].
pub trait Probe: Send + Sync {
    /// Dying here means that nothing of the commit is written.
    fn before_commit(&self, commit: &Commit) -> bool;

    /// Dying here means that it is written, if it was, and nobody was told.
    fn after_commit(&self, written: bool) -> bool;
}
