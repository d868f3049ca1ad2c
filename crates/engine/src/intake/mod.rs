//! From the journal to items: split, dedupe, find the tenant and the person.
//!
//! Promises: every entry, change, message and status of a body becomes an item
//! of its own with a natural key; a broken one is set aside whole and visible
//! while its neighbours go on; an item of a number that nobody here owns is
//! kept as unclaimed. Items of one body, their effects and the end of their
//! journal row are one commit. One intake works at a time, under a lease.
//!
//! Attempts are committed before the work, so that a body that brings the
//! process down is noticed: from the third attempt on it runs alone, after the
//! fifth it is set aside.

mod claim;
mod run;
mod settle;
mod split;
mod view;

pub use claim::{Intake, LEASE};
pub(crate) use split::{Owner, works};
pub use split::{handles, party, sender, state_key};
pub use view::View;

/// Journal rows of one turn. Larger turns save commits, smaller ones let the
/// webhooks that come meanwhile wait less for theirs.
const ROWS_MAX: u32 = 128;
const ALONE_FROM_ATTEMPT: u32 = 3;
const ATTEMPTS_MAX: u32 = 5;

#[cfg(test)]
mod tests;
