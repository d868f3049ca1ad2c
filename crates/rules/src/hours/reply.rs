//! What is said to who writes out of hours, and when not.

use model::UnixMs;

use super::clock::timestamp;
use super::{Again, Hours, Language};
use crate::window::{self, Timeliness};

/// Stands in a text for the day and time at which it opens next.
pub const OPENS: &str = "{opens}";
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// The message that may be answered, and its conversation.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    pub conversation: &'a str,
    /// Of the message, as Meta names it: a notice is not answered.
    pub kind: &'a str,
    pub sent_at: UnixMs,
    pub timeliness: Timeliness,
    pub is_history: bool,
    /// When the customer last wrote: the window is counted from there.
    pub last_inbound: UnixMs,
    /// When the conversation was last told.
    pub last_reply: Option<UnixMs>,
    /// Of the person, where it is known: `pt_BR`.
    pub language: Option<&'a str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub language: Language,
    pub text: String,
    /// Deciding again before the reply is written down gives the same key.
    pub key: String,
}

/// `Err`: why nothing is said.
pub fn answer(hours: &Hours, asked: &Asked<'_>, now: UnixMs) -> Result<Reply, &'static str> {
    let rule = hours.reply.as_ref().ok_or("no reply is configured")?;
    if asked.is_history {
        return Err("it is from the past of the phone");
    }
    if !window::opens(asked.kind) {
        return Err("it is a notice, which nobody wrote");
    }
    if asked.timeliness == Timeliness::Late {
        return Err("it came late");
    }
    if hours.is_open(asked.sent_at) {
        return Err("it was sent within business hours");
    }
    if hours.is_open(now) {
        return Err("it is within business hours now");
    }
    if !window::is_open(Some(asked.last_inbound), now) {
        return Err("the window is closed");
    }
    match (asked.last_reply, rule.again) {
        (Some(_), Again::Never) => return Err("the conversation was told"),
        (Some(last), Again::AfterHours(n)) if now.since(last) < n * HOUR_MS => {
            return Err("the conversation was told within the hours of the rule");
        }
        _ => {}
    }
    let given = |wanted| rule.texts.iter().find(|(language, _)| *language == wanted);
    let own = asked.language.and_then(Language::parse).and_then(given);
    let (language, text) = own.or_else(|| given(rule.language)).ok_or("there is no text")?;
    let text = match text.contains(OPENS) {
        true => text.replace(OPENS, &opens(hours, *language, now).ok_or("it never opens again")?),
        false => text.clone(),
    };
    let last = asked.last_reply.map_or(0, |at| at.0);
    let key = format!("hours|{}|{last}", asked.conversation);
    Ok(Reply { language: *language, text, key })
}

/// `lunes 09:00`; with the date where the weekday alone would mislead.
fn opens(hours: &Hours, language: Language, now: UnixMs) -> Option<String> {
    let at = hours.opens_at(now)?;
    let wall = hours.time_zone.to_datetime(timestamp(at)?);
    let day = language.weekday(wall.weekday());
    let time = wall.strftime("%H:%M");
    Some(match at.since(now) < 6 * DAY_MS {
        true => format!("{day} {time}"),
        false => format!("{day} {} {time}", wall.date()),
    })
}
