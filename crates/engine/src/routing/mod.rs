//! Which records a message makes, takes or moves: a file held against the org.
//!
//! Promise: checking changes nothing, here or in Salesforce, and asks the org
//! only about what the file names.

mod desk;
mod org;

pub use desk::RoutingDesk;
