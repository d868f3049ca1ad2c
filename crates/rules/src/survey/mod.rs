//! How satisfied a customer is once their case is closed: a file that a
//! tenant's admin writes, read and decided over.
//!
//! Promises: a file is refused whole, with the line, the field and the cure of
//! each mistake; a case is asked about once at most, with free text only within
//! the window; an answer counts only for the survey that it was given to, and
//! only within its scale.

mod ask;
mod check;
mod diff;
mod hear;
mod read;
mod score;

pub use ask::{Asking, Decision, Question, Reason, ask, reply_id};
pub use check::check;
pub use diff::diff;
pub use hear::{Heard, Pending, Said, Terms, hear, survey_of};
pub use read::{read, read_any};
pub use score::{Class, Scale, result};

use crate::complaint::Complaint;
use crate::hours::Language;

/// Version 0: nobody is asked.
pub const DEFAULT: &str = include_str!("default.toml");

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    pub scale: Scale,
    /// What is asked; the language of the file is one of them.
    pub texts: Vec<(Language, Wording)>,
    /// For people of whom no other is known.
    pub language: Language,
    /// In the order in which they are shown; none where a number is typed.
    pub answers: Vec<Answer>,
    /// By what is asked when the window is closed.
    pub templates: Vec<(Language, Template)>,
    pub fields: Fields,
    pub timing: Timing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    pub text: String,
    /// That opens the list, where there is one.
    pub button: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub score: u8,
    /// One for each language of the file.
    pub titles: Vec<(Language, String)>,
}

/// Approved, of the category utility. Its quick replies stand in the order of
/// the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub name: String,
    /// Meta's code: `pt_BR`.
    pub code: String,
    /// Of the file, where it is named.
    pub line: usize,
}

/// Of the Case, by API name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pub score: Option<(usize, String)>,
    pub comment: Option<(usize, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// After the case was closed.
    pub delay_minutes: i64,
    /// A case that was closed longer ago is not asked about.
    pub give_up_hours: i64,
    /// How long an answer is waited for.
    pub answer_hours: i64,
    /// After the answer, free text is its comment for so long.
    pub comment_minutes: i64,
    /// One person is not asked more often.
    pub rest_days: i64,
}

impl Survey {
    pub fn read(text: &str) -> Result<Self, Vec<Complaint>> {
        read(text)
    }
}

#[cfg(test)]
mod tests;
