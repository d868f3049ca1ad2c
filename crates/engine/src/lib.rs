//! Carries decisions out. The rooms, in the order a message walks through them:
//!
//! * [`inbox`]: a webhook is on disk, then a nudge;
//! * [`intake`]: bodies are split, deduplicated, their people identified;
//! * [`inbound`] and [`status`]: what one message or one status changes, pure;
//! * [`consent`]: who wants what no more, and who is told so;
//! * [`outbound`]: a send is accepted, claimed, permitted, called, settled;
//! * [`media`]: files, both ways, in lanes of their own;
//! * [`writer`]: what Salesforce must come to show, in waves;
//! * [`bulk`]: the same of a long backlog, in jobs;
//! * [`mapping`]: which fields it fills, and from what;
//! * [`routing`]: a file of rules about records, held against the org;
//! * [`survey`]: how satisfied customers are once their case is closed;
//! * [`templates`]: what Meta says of each, and whether a send fits one;
//! * [`campaign`]: one template to many people, member by member;
//! * [`budget`]: how often an org may be called;
//! * [`reconcile`]: both sides compared, and a signed report of it;
//! * [`metrics`]: what each day comes to, and the records behind it;
//! * [`mark`] and [`hold`]: whether this database is the one that sends;
//! * [`upkeep`]: what time itself asks for;
//! * [`letters`]: what ended aside, and what people decide about it;
//! * [`breakers`]: which part of which remote is left alone now;
//! * [`board`]: where things stand, and the trace of one message.
//!
//! A worker is an idempotent function woken by a timer or by a nudge that
//! carries no data. No worker talks to another: they meet in the store.

pub mod board;
pub mod body;
pub mod breakers;
pub mod budget;
pub mod bulk;
pub mod campaign;
pub mod consent;
pub mod directory;
pub mod duplicates;
pub mod hold;
pub mod hours;
pub mod inbound;
pub mod inbox;
pub mod intake;
mod lease;
pub mod letters;
pub mod mapping;
pub mod mark;
pub mod media;
pub mod metrics;
pub mod nudge;
pub mod org;
pub mod outbound;
pub mod pressure;
pub mod reconcile;
pub mod routing;
pub mod run;
pub mod status;
pub mod survey;
pub mod templates;
mod told;
pub mod upkeep;
pub mod versions;
mod word;
pub mod writer;

#[cfg(test)]
mod stage;

pub use board::{Board, Find, Page, Standing, Step, Trace};
pub use breakers::Breakers;
pub use budget::Governor;
pub use campaign::CampaignDesk;
pub use directory::{Directory, Number};
pub use hold::Holds;
pub use inbox::Inbox;
pub use letters::Letters;
pub use nudge::{Nudge, Nudges, Woken};
pub use outbound::{Accepted, Caller, Desk, Outcome, Refusal, RefusalKind, SendRequest};
pub use run::{Engine, Options, Parts, Remotes, Running};
pub use told::{Told, told};
