//! Why a message would be refused, told before it is sent.

use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path of the field: `interactive.action.buttons[0].reply.title`.
    pub field: String,
    /// What holds there: `at most 20 characters, found 31`.
    pub limit: String,
    /// What to do: `shorten the title`.
    pub cure: String,
}

impl Problem {
    pub fn new(
        field: impl Into<String>,
        limit: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self { field: field.into(), limit: limit.into(), cure: cure.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.field, self.limit, self.cure)
    }
}
