//! A long backlog, worked off by Bulk jobs.
//!
//! Promises: what Salesforce must show comes to be shown once and in order,
//! whether a call or a job carries it. A share of the backlog has some people,
//! and from its claim to its end nobody else writes their rows, so that no two
//! jobs, and no job and call, hold rows of one conversation at once. It goes
//! through their persons, conversations and messages, one Salesforce job each,
//! of one internal batch: within a batch rows are saved in the order of the
//! file. Meanwhile everybody else's rows go by calls, at once.
//!
//! Each step is written down before it is taken. After a kill, a job that may
//! stand open with Salesforce is looked for before another is made, one that
//! was never closed is thrown away (it wrote nothing), and one that was closed
//! is asked how far it is. Rows are upserts with a version that only rises, so
//! that what is written again shows once.
//!
//! It must never repeat a row that Salesforce refused: that is the writer's,
//! which finds out what is wrong with it, call by call.

mod call;
mod claim;
mod convert;
mod settle;
mod way;

pub use claim::{Bulk, Options};
pub use way::Way;

#[cfg(test)]
mod tests;
