//! What we hold against what Salesforce shows, row by row and in key order.
//!
//! [`Merge`] walks two streams and holds a page of each; [`judge`] says what a
//! row that stands on one side, or on both, means; [`Tally`] counts.

mod merge;
mod tally;
mod verdict;

pub use merge::{Disorder, Keyed, Merge, Met, Next};
pub use tally::Tally;
pub use verdict::{Kind, Mirror, Ours, Theirs, Verdict, is_key, judge};
