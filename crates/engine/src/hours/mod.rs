//! When a tenant answers: a file of theirs, and the reply to who writes when they
//! do not.
//!
//! Promises: the reply is in the commit of the message that it answers, with the
//! time at which the conversation was told, so that no crash repeats or loses it;
//! it is free text within the window, and consent is asked as for any other.

mod active;
mod desk;
mod reply;

pub use active::{Active, HoursInUse};
pub use desk::HoursDesk;
pub(crate) use reply::{Heard, out_of_hours};
