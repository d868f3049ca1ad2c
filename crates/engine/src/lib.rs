//! Carries decisions out. The rooms, in the order a message walks through them:
//!
//! * [`inbox`]: a webhook is on disk, then a nudge;
//! * [`intake`]: bodies are split, deduplicated, their people identified;
//! * [`inbound`] and [`status`]: what one message or one status changes, pure;
//! * [`outbound`]: a send is accepted, claimed, permitted, called, settled;
//! * [`writer`]: what Salesforce must come to show, in waves;
//! * [`bulk`]: the same of a long backlog, in jobs;
//! * [`upkeep`]: what time itself asks for;
//! * [`board`]: where things stand, and the trace of one message.
//!
//! A worker is an idempotent function woken by a timer or by a nudge that
//! carries no data. No worker talks to another: they meet in the store.

pub mod board;
pub mod body;
pub mod bulk;
pub mod directory;
pub mod inbound;
pub mod inbox;
pub mod intake;
pub mod nudge;
pub mod outbound;
pub mod run;
pub mod status;
pub mod upkeep;
mod word;
pub mod writer;

#[cfg(test)]
mod stage;

pub use board::{Board, Find, Page, Standing, Step, Trace};
pub use directory::{Directory, Number};
pub use inbox::Inbox;
pub use nudge::{Nudge, Nudges, Woken};
pub use outbound::{Accepted, Caller, Desk, Refusal, RefusalKind, SendRequest};
pub use run::{Engine, Options, Parts, Remotes, Running};
