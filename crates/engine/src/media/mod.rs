//! Files on their way, in lanes of their own.
//!
//! Promises: a customer's file is fetched at once, because Meta forgets it, and
//! comes to stand in Salesforce once, on its message and on the record of its
//! conversation. A send that has a file to be fetched waits for it, and then
//! goes, or fails with the reason. A message never waits for its file.
//!
//! A file goes requested, downloaded, uploaded, linked, each step committed. In
//! between it lies in the spool, sealed and bounded; when there is no room,
//! nothing is fetched. An upload that was called is looked up by our own id
//! before it is called again. Every call to Salesforce is counted by the org's
//! governor and waits its turn behind what is more urgent; it and every call to
//! Meta pass the breakers. It must never hold a whole file in memory.
//!
//! `claim` takes files under a lease, `fetch` brings one into the spool,
//! `deliver` and `link` bring a customer's to Salesforce, `stage` brings ours
//! to Meta, `line` lets their calls through, `settle` decides what follows a fault.

mod about;
mod address;
mod claim;
mod convert;
mod deliver;
mod fetch;
mod inbox;
mod keep;
mod line;
mod link;
mod scan;
mod settle;
mod source;
mod stage;
mod sweep;

pub use about::{About, Source};
pub use claim::{Limits, Worker};
pub use inbox::arrived;
pub use keep::{Keeper, Kept};
pub use line::Told;
pub use source::{Asked, ask, offered};

#[cfg(test)]
mod tests;
