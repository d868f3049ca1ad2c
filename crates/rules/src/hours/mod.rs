//! When a tenant answers, and what is said to who writes when it does not: a
//! file that a tenant's admin writes, read and decided over.
//!
//! Promises: a file is refused whole, with the line, the field and the cure of
//! each mistake; hours are by the clock on the tenant's wall, also on the days
//! when it is changed; the reply goes out once, only within the window, and
//! never for history or a late message.

mod clock;
mod diff;
mod language;
mod read;
mod reply;
mod week;

pub use diff::diff;
pub use language::Language;
pub use read::read;
pub use reply::{Asked, Reply, answer};
pub use week::{Holiday, Range, Week};

use jiff::tz::TimeZone;

use crate::complaint::Complaint;

/// What holds while a tenant has no hours of its own: version 0.
pub const DEFAULT: &str = include_str!("default.toml");

#[derive(Clone, Debug)]
pub struct Hours {
    pub time_zone: TimeZone,
    pub week: Week,
    pub holidays: Vec<Holiday>,
    pub reply: Option<ReplyRule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyRule {
    /// In the order of [`Language`]; the language of the file is one of them.
    pub texts: Vec<(Language, String)>,
    /// For people of whom no other is known.
    pub language: Language,
    pub again: Again,
}

/// How often one conversation is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    Never,
    AfterHours(i64),
}

impl Hours {
    /// [`DEFAULT`]: open all the time.
    pub fn always() -> Self {
        let all_day = || vec![Range { from: 0, to: week::DAY_MINUTES }];
        let week = Week(std::array::from_fn(|_| all_day()));
        Self { time_zone: TimeZone::UTC, week, holidays: Vec::new(), reply: None }
    }

    pub fn read(text: &str) -> Result<Self, Vec<Complaint>> {
        read(text)
    }

    /// The category by which Meta charges the reply, for whoever switches it
    /// on: free text within the window. `None`: nothing is sent.
    pub fn cost(&self) -> Option<&'static str> {
        self.reply.as_ref().map(|_| "service")
    }
}

#[cfg(test)]
mod tests;
