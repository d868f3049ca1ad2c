//! One row of a fault table.

use std::time::Duration;

use model::{Act, Code, Fault, Scope, Stage};

/// What a code means. The first row of a code whose words are in the message
/// holds.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The code in Salesforce's body, or `HTTP_…` for an answer without one.
    pub code: &'static str,
    /// Tells rows of one code apart; empty for the general one.
    pub variant: &'static str,
    /// Any of these in the message, without regard to case; none means always.
    pub words: &'static [&'static str],
    pub act: Act,
    pub scope: Scope,
    pub stage: Stage,
    pub hint: Hint,
    /// What happened, for people.
    pub cause: &'static str,
    /// What helps, for people.
    pub cure: &'static str,
}

/// What else a program can make of a refusal of this row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    None,
    /// A smaller batch may pass, or shows which record is at fault.
    SmallerBatch,
    /// The message names the record that already holds the value.
    Exists,
    /// A parent given by external id is not there (yet).
    ParentMissing,
    /// The record is gone: deleted, merged or hidden.
    Gone,
    /// The lead is a contact now.
    Converted,
    /// A duplicate rule found similar records.
    Duplicates,
    /// Nothing was tried because another part of the call failed.
    Halted,
}

impl Row {
    /// `REQUEST_LIMIT_EXCEEDED.daily`: the name of its fixture.
    pub fn name(&self) -> String {
        match self.variant {
            "" => self.code.to_owned(),
            variant => format!("{}.{variant}", self.code),
        }
    }

    pub(crate) fn matches(&self, message: &str) -> bool {
        let message = message.to_ascii_lowercase();
        self.words.is_empty()
            || self.words.iter().any(|w| message.contains(&w.to_ascii_lowercase()))
    }

    pub(crate) fn fault(&self, code: Code, detail: String) -> Fault {
        Fault {
            act: self.act,
            scope: self.scope,
            stage: self.stage,
            code,
            detail,
            cure: self.cure.into(),
        }
    }
}

/// `retry(30)`: not before 30 seconds; `retry(0)`: as the policy says.
pub(crate) const fn retry(secs: u64) -> Act {
    match secs {
        0 => Act::Retry { after: None },
        secs => Act::Retry { after: Some(Duration::from_secs(secs)) },
    }
}
