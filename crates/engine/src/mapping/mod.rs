//! Which fields of Salesforce are filled: the version in use, what it is
//! evaluated over, and what is done about versions.
//!
//! Promises: a mapping that the org would not take is refused before it is put
//! to use; trying one writes nothing; all that is written says which version
//! wrote it. A value that does not fit is never sent: its default stands in, and
//! an alert names the field.

mod active;
mod desk;
mod dry_run;
mod filled;
mod shapes;
mod source;

pub use active::{Active, Mappings};
pub use desk::{Checked, MappingDesk, Refused};
pub use dry_run::{Differs, DryRun, Example, LAST_MAX};
pub(crate) use filled::{Filled, ToFill, Update, alert, fill};
pub(crate) use shapes::shape;

#[cfg(test)]
mod tests;

/// Alerts about fields that a mapping could not fill.
const ALERT: &str = "mapping";
