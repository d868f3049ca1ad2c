//! Whether a message is the answer to a survey, or the comment on it.

use model::UnixMs;

use super::ask::PREFIX;
use super::score::Scale;
use super::{Survey, Timing};
use crate::fold::fold;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// By what an answer is taken: it holds for a question from the moment that it is
/// asked, whatever the file says later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub scale: Scale,
    /// How long a typed number is waited for.
    pub answer_hours: i64,
    /// After the answer, free text is its comment for so long.
    pub comment_minutes: i64,
}

impl Survey {
    pub const fn terms(&self) -> Terms {
        let Timing { answer_hours, comment_minutes, .. } = self.timing;
        Terms { scale: self.scale, answer_hours, comment_minutes }
    }
}

/// A survey that was sent in the conversation, the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending<'a> {
    pub id: &'a str,
    pub asked_at: UnixMs,
    /// When it was first answered.
    pub answered_at: Option<UnixMs>,
    pub has_comment: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// The id of a button or row, or the payload of a quick reply.
    pub reply_id: Option<&'a str>,
    pub text: &'a str,
    pub sent_at: UnixMs,
    pub is_history: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    Score(u8),
    Comment(&'a str),
    /// It is about something else.
    Nothing,
}

/// A tap says which survey it answers, however old. Another one changes the
/// score as long as a comment would be kept; a number is taken once.
pub fn hear<'a>(terms: Terms, pending: &Pending<'_>, said: &Said<'a>) -> Heard<'a> {
    if said.is_history || said.sent_at < pending.asked_at {
        return Heard::Nothing;
    }
    let commenting = |answered: UnixMs| {
        (0..=terms.comment_minutes * MINUTE_MS).contains(&said.sent_at.since(answered))
    };
    if let Some(reply) = said.reply_id {
        return match survey_of(reply) {
            Some((id, score))
                if id == pending.id
                    && terms.scale.holds(score)
                    && pending.answered_at.is_none_or(commenting) =>
            {
                Heard::Score(score)
            }
            _ => Heard::Nothing,
        };
    }
    match pending.answered_at {
        None => {
            let in_time = said.sent_at.since(pending.asked_at) <= terms.answer_hours * HOUR_MS;
            let score = fold(said.text).parse().ok().filter(|score| terms.scale.holds(*score));
            // "-1" folds to a number that was not meant
            let plain = said.text.trim().starts_with(|c: char| c.is_ascii_digit());
            score.filter(|_| in_time && plain).map_or(Heard::Nothing, Heard::Score)
        }
        Some(answered)
            if !pending.has_comment && commenting(answered) && !said.text.trim().is_empty() =>
        {
            Heard::Comment(said.text.trim())
        }
        Some(_) => Heard::Nothing,
    }
}

/// Which survey a tap answers, and how.
pub fn survey_of(reply_id: &str) -> Option<(&str, u8)> {
    let (survey, score) = reply_id.strip_prefix(PREFIX)?.rsplit_once('|')?;
    let plain = score.bytes().all(|b| b.is_ascii_digit());
    score.parse().ok().filter(|_| plain && !survey.is_empty()).map(|score| (survey, score))
}
