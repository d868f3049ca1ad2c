//! An error that carries the decision.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// What went wrong with one exchange or one record, and what to do about it.
///
/// Programs branch on `act`, `scope` and `stage`; people read `detail` and
/// `cure`. `detail` holds the remote's own words and no personal data of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub act: Act,
    pub scope: Scope,
    pub stage: Stage,
    pub code: Code,
    pub detail: String,
    pub cure: Cow<'static, str>,
}

/// What the program does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Try again, not before `after` where the remote gave a hint.
    Retry { after: Option<Duration> },
    /// Renew the credentials, then repeat once.
    Renew,
    /// Never succeeds as it is: set aside, visible.
    Reject,
    /// A person must act first (administrator, billing, policy).
    Ask,
}

/// What to pause: this and never more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Item,
    Lane,
    Number,
    Account,
    Org,
}

/// What is known about the effect at the remote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The request never left, or was refused before any side effect.
    NotSent,
    /// The remote answered and said what it did.
    Answered,
    /// Nobody knows whether the remote acted.
    Unknown,
    /// The remote acted; only our record of it failed.
    SentNotRecorded,
}

/// `wa.131047`, `sf.UNABLE_TO_LOCK_ROW`, `puente.window_closed`: the name of a
/// page under `docs/faults/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub Cow<'static, str>);

impl Code {
    pub const fn new(code: &'static str) -> Self {
        Self(Cow::Borrowed(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)?;
        if !self.cure.is_empty() {
            write!(f, " ({})", self.cure)?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}
