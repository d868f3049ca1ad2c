//! When a conversation ends, and a case whose customer is silent.

use model::UnixMs;

use super::Routing;
use super::rule::Close;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Of one conversation, and of its case if it has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quiet<'a> {
    pub opened_at: UnixMs,
    /// When the customer last wrote.
    pub last_inbound: Option<UnixMs>,
    /// When somebody here last wrote, by hand or by a rule.
    pub last_outbound: Option<UnixMs>,
    pub case_closed_at: Option<UnixMs>,
    /// `None`: it has no case.
    pub case_status: Option<&'a str>,
    pub status_since: Option<UnixMs>,
    /// A rule has closed this case before.
    pub was_closed_by_rule: bool,
}

/// When the conversation ends if nothing more is said; due when it is past.
/// `None`: not by itself.
pub fn ends_at(routing: &Routing, quiet: &Quiet<'_>) -> Option<UnixMs> {
    let ending = &routing.ending;
    let last = quiet.last_inbound.max(quiet.last_outbound).unwrap_or(quiet.opened_at);
    let silent = ending.after_hours.map(|hours| last.plus(hours * HOUR_MS));
    // what the customer wrote after the case was closed is still to be answered
    let unanswered = quiet.case_closed_at.filter(|at| quiet.last_inbound.is_none_or(|i| i <= *at));
    let with_case = unanswered.filter(|_| ending.with_case);
    [silent, with_case].into_iter().flatten().min()
}

/// The rule that closes the conversation's case, and when. Only where the last
/// word is ours, and never twice: who opens it again wants it open.
pub fn case_ends<'r>(routing: &'r Routing, quiet: &Quiet<'_>) -> Option<(&'r Close, UnixMs)> {
    let status = quiet.case_status?;
    if quiet.case_closed_at.is_some() || quiet.was_closed_by_rule {
        return None;
    }
    let ours = quiet.last_outbound.filter(|at| quiet.last_inbound.is_none_or(|i| i < *at))?;
    let rule = routing.closes.iter().find(|rule| rule.from.iter().any(|from| from == status))?;
    let since = quiet.status_since.map_or(ours, |since| since.max(ours));
    Some((rule, since.plus(rule.after_days * DAY_MS)))
}
