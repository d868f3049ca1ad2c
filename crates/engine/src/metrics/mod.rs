//! What the work of each day comes to: counted from the store, kept, counted
//! again each night and held against what was kept.
//!
//! Promises: a figure is the sum over records that can be listed one by one; a
//! day that settled is never changed in silence; two processes never count for
//! one tenant at a time. It holds one page of records and one day's figures, and
//! never asks a remote.

mod counter;
mod figures;
mod night;
#[cfg(test)]
mod tests;
mod walk;

pub use counter::Counter;
pub use figures::{Figures, Record};
pub use walk::Mark;
