//! Which records a message makes, takes or moves: a file of the tenant's.
//!
//! Promises: checking changes nothing, here or in Salesforce, and asks the org
//! only about what the file names; what the org could not carry out is refused
//! before it is used; a decision is kept with its record, with the rule and why,
//! so that what is made after a crash is what was decided before it.

mod active;
mod beyond;
mod case;
mod desk;
mod endings;
mod heard;
mod moves;
mod newcomer;
mod opportunities;
mod org;
mod plan;
mod targets;

pub use active::{Active, Routings};
pub(crate) use case::{TheirCase, case};
pub use desk::RoutingDesk;
pub use endings::Endings;
pub use moves::Moves;
pub(crate) use newcomer::newcomer;
pub use opportunities::Opportunities;
pub(crate) use plan::{Make, Place, Plan};
pub use targets::TargetsKept;
pub(crate) use targets::{Targets, known};
