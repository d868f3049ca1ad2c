//! Whether a case is asked about, when, and in which shape.

use model::UnixMs;

use super::{Answer, Survey, Template, Wording};
use crate::hours::Language;
use crate::window;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A case that may be asked about, and its conversation.
#[derive(Clone, Debug, Default)]
pub struct Asking<'a> {
    /// `None` while it is open, also again.
    pub closed_at: Option<UnixMs>,
    /// It was asked about, or passed over for good.
    pub is_settled: bool,
    /// `None`: the customer wrote nothing.
    pub last_inbound: Option<UnixMs>,
    /// When the person was last asked, about whatever case.
    pub last_asked: Option<UnixMs>,
    /// The person wants no message but answers to their own.
    pub is_opted_out: bool,
    /// Of the person, where it is known: `pt_BR`.
    pub language: Option<&'a str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision<'s> {
    Ask(Question<'s>),
    /// Not yet; `None`: when the case is closed.
    Later(Option<UnixMs>),
    /// Never, and the reason is written down.
    Skip(Reason),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question<'s> {
    /// A number is to be typed.
    Text(Language, &'s Wording),
    /// Up to three answers.
    Buttons(Language, &'s Wording, &'s [Answer]),
    List(Language, &'s Wording, &'s [Answer]),
    Template(Language, &'s Template, &'s [Answer]),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    AskedBefore,
    NothingWritten,
    OptedOut,
    ClosedTooLongAgo,
    PersonAskedLately,
    /// And there is no template to ask by.
    WindowClosed,
}

impl Reason {
    pub const fn word(self) -> &'static str {
        match self {
            Self::AskedBefore => "asked_before",
            Self::NothingWritten => "nothing_written",
            Self::OptedOut => "opted_out",
            Self::ClosedTooLongAgo => "closed_too_long_ago",
            Self::PersonAskedLately => "person_asked_lately",
            Self::WindowClosed => "window_closed",
        }
    }
}

/// Interactive messages have at most three buttons.
pub(super) const BUTTONS_MAX: usize = 3;

pub fn ask<'s>(survey: &'s Survey, asking: &Asking<'_>, now: UnixMs) -> Decision<'s> {
    let timing = &survey.timing;
    if asking.is_settled {
        return Decision::Skip(Reason::AskedBefore);
    }
    let Some(closed_at) = asking.closed_at else { return Decision::Later(None) };
    if asking.last_inbound.is_none() {
        return Decision::Skip(Reason::NothingWritten);
    }
    if asking.is_opted_out {
        return Decision::Skip(Reason::OptedOut);
    }
    if now.since(closed_at) > timing.give_up_hours * HOUR_MS {
        return Decision::Skip(Reason::ClosedTooLongAgo);
    }
    if asking.last_asked.is_some_and(|at| now.since(at) < timing.rest_days * DAY_MS) {
        return Decision::Skip(Reason::PersonAskedLately);
    }
    let due = closed_at.plus(timing.delay_minutes * MINUTE_MS);
    if now < due {
        return Decision::Later(Some(due));
    }
    let is_open = window::is_open(asking.last_inbound, now);
    let question = if is_open { free(survey, asking) } else { by_template(survey, asking) };
    question.map_or(Decision::Skip(Reason::WindowClosed), Decision::Ask)
}

fn free<'s>(survey: &'s Survey, asking: &Asking<'_>) -> Option<Question<'s>> {
    let (language, wording) = spoken(&survey.texts, survey.language, asking.language)?;
    let answers = survey.answers.as_slice();
    Some(match answers.len() {
        0 => Question::Text(language, wording),
        1..=BUTTONS_MAX => Question::Buttons(language, wording, answers),
        _ => Question::List(language, wording, answers),
    })
}

fn by_template<'s>(survey: &'s Survey, asking: &Asking<'_>) -> Option<Question<'s>> {
    let (language, template) = spoken(&survey.templates, survey.language, asking.language)?;
    Some(Question::Template(language, template, &survey.answers))
}

/// In the person's language, else in that of the file.
fn spoken<'s, T>(
    given: &'s [(Language, T)],
    ours: Language,
    theirs: Option<&str>,
) -> Option<(Language, &'s T)> {
    let of = |wanted| given.iter().find(|(language, _)| *language == wanted);
    let found = theirs.and_then(Language::parse).and_then(of).or_else(|| of(ours))?;
    Some((found.0, &found.1))
}

/// The id of an answer's button or row, and the payload of a template's quick
/// reply: it comes back with the tap.
pub fn reply_id(survey: &str, score: u8) -> String {
    format!("{PREFIX}{survey}|{score}")
}

pub(super) const PREFIX: &str = "survey|";
