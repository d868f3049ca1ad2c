//! Reports that compare what puente holds with what Salesforce shows.
//!
//! Promises: every row that either side has is looked at; what differs is
//! named, one by one, after a second look at both sides, so that what is just
//! under way is no difference; what is missing or lowered there is written
//! again when that was asked for, through the queue that all writes take;
//! nothing else is changed, and nothing there is ever deleted. The report is
//! signed with a key of the installation.
//!
//! It must never hold more than a page of each side, and never write to
//! Salesforce itself.

mod compare;
mod confirm;
mod named;
mod ours;
mod report;
mod run;
mod tasks;
mod theirs;
mod worker;

pub use report::{SIGNING, signer};
pub use run::{Failed, Pulse, Reconcile, Scope};
pub use worker::Reconciler;
