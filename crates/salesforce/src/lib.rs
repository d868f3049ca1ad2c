//! The client of Salesforce's REST API: sign-in, records, queries, faults.
//!
//! Promises:
//! - a request is sent once, and a second time only after `INVALID_SESSION_ID`,
//!   which Salesforce answers before it acts;
//! - what was put into a write comes back record by record, in order: written,
//!   refused with its reason, or halted ([`RecordOutcome`]);
//! - an outcome that nobody knows is [`model::Stage::Unknown`], never a guess;
//! - a refusal that only an administrator can lift parks the sign-in instead of
//!   trying again ([`Tokens`]);
//! - names are written without a namespace and get the org's prefix on the wire
//!   ([`Names`]).
//!
//! Every retry, pause and split of a batch is decided by the caller, from the
//! [`model::Fault`]. Nothing here sleeps.

pub mod auth;
pub mod bulk;
pub mod client;
mod encode;
#[cfg(test)]
mod fake;
pub mod faults;
pub mod ids;
pub mod names;
mod outcome;
mod record;
mod row;
pub mod soql;
mod subrequest;
mod subresponse;
pub mod time;

pub use auth::{Credentials, Session, Tokens, TokensOptions};
pub use client::{
    Budget, Cell, Client, ClientOptions, HEAVY_PARTS_MAX, ListView, PARTS_MAX, ReportRun, Upload,
};
pub use faults::{Clue, DuplicateMatch, DuplicateResult, Refusal, bisects, is_lock};
pub use names::Names;
pub use outcome::RecordOutcome;
pub use record::Record;
pub use row::{Page, Row};
pub use subrequest::{DuplicateRule, RECORDS_MAX, Subrequest};
pub use subresponse::SubResponse;
