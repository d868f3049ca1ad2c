//! One message a customer sent, or an echo of one the business sent by hand.
//!
//! Promises: every type is registered, also unknown ones; a person and a
//! conversation are found or made for it; what Salesforce must show is wanted
//! in the same commit. It never calls anybody, and answers by itself only
//! that an opt-out was heard.

mod convert;
mod decide;
mod people;

pub use decide::{Arrival, Door, Registered, register};
pub(crate) use people::identify;

#[cfg(test)]
mod tests;
