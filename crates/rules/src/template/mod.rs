//! Message templates: what one asks of a send, whether a send gives it, what
//! people will see, and whether Meta will take a new one.
//!
//! A template is Meta's JSON, read once into a [`Shape`]; a part that is not
//! known asks for nothing, and Meta decides.

mod definition;
mod fit;
mod preview;
mod shape;
mod variables;

pub use definition::check;
pub use fit::{Send, fit};
pub use preview::{Preview, preview};
pub use shape::{Button, ButtonKind, Header, Shape};
pub use variables::variables;

/// What is wrong, for whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Path in the JSON, as `components[1].parameters`.
    pub field: String,
    pub why: String,
    pub cure: String,
}

impl Complaint {
    fn new(field: impl Into<String>, why: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { field: field.into(), why: why.into(), cure: cure.into() }
    }
}

/// Of a text with its values filled in (Cloud API, Template components).
const BODY_MAX: usize = 1024;
const HEADER_MAX: usize = 60;

#[cfg(test)]
mod tests;
