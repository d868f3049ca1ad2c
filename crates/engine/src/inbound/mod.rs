//! One message a customer sent, or an echo of one the business sent by hand.
//!
//! Promises: every type is registered, also unknown ones; a person and a
//! conversation are found or made for it; what Salesforce must show is wanted
//! in the same commit. It never calls anybody, and never answers by itself.

mod convert;
mod decide;

pub use decide::{Arrival, Registered, register};

#[cfg(test)]
mod tests;
