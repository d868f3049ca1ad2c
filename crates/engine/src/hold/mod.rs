//! A database that may not be the newest one of its installation.
//!
//! Promises: while it holds its sends, nothing is sent, and receiving goes on;
//! what Salesforce shows as sent is taken from it and never sent again; the
//! rest waits for a person's word, one by one or all at once. Until Salesforce
//! was asked nothing is written to it: what it shows may be newer.
//!
//! It must never send a held message by itself.

mod asked;
mod decide;
mod matching;

pub use asked::is_asked;
pub use decide::Holds;
pub use matching::{Matched, Matching};
