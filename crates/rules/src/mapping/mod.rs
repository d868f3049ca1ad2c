//! Which fields of Salesforce are filled, and from what: a file that a tenant's
//! admin writes, read, compiled and evaluated.
//!
//! Promises: a file is refused whole, with the line, the field and the cure of
//! each mistake; evaluating never fails, never takes longer than its fuel, and
//! never gives a value of another type or longer than the field. It never
//! writes what the entry does not name.

mod check;
mod diff;
mod entry;
mod expr;
mod fill;
mod paths;
mod read;
mod target;
mod value;

pub use crate::complaint::Complaint;
pub use crate::sheet::BYTES_MAX;
pub use check::{Shape, Slot, check, unfilled};
pub use diff::{Change, diff};
pub use entry::{Entry, From, Moment, TooLong, When};
pub use fill::{Fields, Missed, fill};
pub use paths::{PATHS, Path, is_path};
pub use read::read;
pub use target::Target;
pub use value::Kind;

/// What is written while a tenant has no mapping of its own: version 0.
pub const DEFAULT: &str = include_str!("default.toml");

/// Entries in the order of the file; the first that gives a field its value
/// wins.
#[derive(Debug, Default)]
pub struct Mapping {
    pub entries: Vec<Entry>,
}

impl Mapping {
    pub fn read(text: &str) -> Result<Self, Vec<Complaint>> {
        read(text)
    }

    /// Objects that an entry names, in the order of [`Target`].
    pub fn targets(&self) -> std::collections::BTreeSet<Target> {
        self.entries.iter().map(|entry| entry.to.0).collect()
    }

    /// Some field of `target` is written again after the record was made.
    pub fn updates(&self, target: Target) -> bool {
        self.entries.iter().any(|e| e.to.0 == target && e.on.holds(Moment::Update))
    }
}

#[cfg(test)]
mod tests;
