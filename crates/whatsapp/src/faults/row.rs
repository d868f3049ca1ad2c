//! One row of the table.

use std::time::Duration;

use model::{Act, Scope, Stage};

/// A code, or a run of codes that mean the same.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub from: i64,
    pub to: i64,
    /// `wa.<from>`: also the name of its page.
    pub name: &'static str,
    pub class: Class,
    pub scope: Scope,
    /// What happened, for people.
    pub cause: &'static str,
    /// What to do about it.
    pub cure: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Refused before any effect: resent by itself, not before so many seconds.
    Resend(Option<u64>),
    /// Trouble on Meta's side at an unknown moment: it may have been sent.
    Shaky,
    /// Never succeeds as it is.
    Refused,
    /// The token is dead: renew it, then repeat once.
    Renew,
    /// A person must act at Meta first.
    Person,
}

impl Class {
    pub const fn act(self) -> Act {
        match self {
            Self::Resend(Some(s)) => Act::Retry { after: Some(Duration::from_secs(s)) },
            Self::Resend(None) | Self::Shaky => Act::Retry { after: None },
            Self::Refused => Act::Reject,
            Self::Renew => Act::Renew,
            Self::Person => Act::Ask,
        }
    }

    pub const fn stage(self) -> Stage {
        match self {
            Self::Resend(_) => Stage::NotSent,
            Self::Shaky => Stage::Unknown,
            Self::Refused | Self::Renew | Self::Person => Stage::Answered,
        }
    }
}
