//! What is wrong with a file of rules, for the admin who wrote it.

use std::fmt;

use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Complaint {
    /// In the file, from 1; `None` for what is missing from it.
    pub line: Option<usize>,
    /// `Lead.Phone`, the name of a rule, or the key of the file.
    pub field: String,
    pub why: String,
    pub cure: String,
}

impl Complaint {
    pub fn at(
        line: usize,
        field: impl Into<String>,
        why: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self { line: Some(line), field: field.into(), why: why.into(), cure: cure.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        write!(f, "{}: {}; {}", self.field, self.why, self.cure)
    }
}
