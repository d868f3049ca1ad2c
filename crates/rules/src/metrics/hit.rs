//! What one record adds to a metric.

use model::UnixMs;

use super::day::Span;
use super::metric::Metric;
use crate::survey::{Class, Scale};

const DAY_MS: i64 = 86_400_000;
/// What became of a message is counted when it came within this of the end of
/// the message's day.
const REACH_MS: i64 = 7 * DAY_MS;

/// How far a message of ours came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Accepted,
    Sent,
    Delivered,
    Read,
    Failed,
}

/// What is known of a message, without what was written in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageFact {
    /// Who wrote: the customer, or we.
    pub inbound: bool,
    /// Part of a campaign, which answers nobody.
    pub campaign: bool,
    pub at: UnixMs,
    /// The message before it in its conversation, either way.
    pub before_at: Option<UnixMs>,
    /// Of ours: the customer's first message since our last one.
    pub waited_since: Option<UnixMs>,
    /// Of ours: the customer's first message after it.
    pub replied_at: Option<UnixMs>,
    pub accepted_at: Option<UnixMs>,
    pub sent_at: Option<UnixMs>,
    pub delivered_at: Option<UnixMs>,
    pub read_at: Option<UnixMs>,
    pub failed_at: Option<UnixMs>,
    /// Why it failed.
    pub code: Option<String>,
}

impl MessageFact {
    /// When it came so far at the latest: who read a message has got it, and
    /// who got it, was sent it.
    pub fn came(&self, step: Step) -> Option<UnixMs> {
        let steps = [self.accepted_at, self.sent_at, self.delivered_at, self.read_at];
        let from = match step {
            Step::Accepted => 0,
            Step::Sent => 1,
            Step::Delivered => 2,
            Step::Read => 3,
            Step::Failed => return self.failed_at,
        };
        steps[from..].iter().flatten().min().copied()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationFact {
    pub opened_at: UnixMs,
    pub closed_at: Option<UnixMs>,
    pub first_inbound_at: Option<UnixMs>,
    pub first_response_at: Option<UnixMs>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordOf {
    Case,
    Opportunity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordFact {
    pub of: RecordOf,
    /// When it was known to be there.
    pub at: UnixMs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerFact {
    pub scale: Scale,
    pub score: u8,
}

/// One count, or one time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub metric: Metric,
    pub value: i64,
}

const fn one(metric: Metric) -> Hit {
    Hit { metric, value: 1 }
}

fn time(metric: Metric, from: UnixMs, until: UnixMs) -> Hit {
    Hit { metric, value: until.since(from).max(0) }
}

/// What a message of this day adds.
pub fn message(fact: &MessageFact, day: Span) -> Vec<Hit> {
    let mut hits = Vec::new();
    if fact.before_at.is_none_or(|before| before < day.from) {
        hits.push(one(Metric::ConversationsActive));
    }
    if fact.inbound {
        hits.push(one(Metric::Received));
        return hits;
    }
    if let Some(since) = fact.waited_since.filter(|_| !fact.campaign) {
        hits.push(time(Metric::Response, since, fact.at));
    }
    hits.push(one(Metric::Asked));
    let reach = day.until.plus(REACH_MS);
    let within = |at: Option<UnixMs>| at.is_some_and(|at| at < reach);
    for (step, metric) in [
        (Step::Accepted, Metric::Accepted),
        (Step::Sent, Metric::Sent),
        (Step::Delivered, Metric::Delivered),
        (Step::Read, Metric::Read),
    ] {
        if within(fact.came(step)) {
            hits.push(one(metric));
        }
    }
    if within(fact.replied_at) {
        hits.push(one(Metric::Replied));
    }
    if within(fact.failed_at) && !within(fact.came(Step::Delivered)) {
        hits.push(one(Metric::Failed));
    }
    hits
}

/// What a conversation that opened on this day adds.
pub fn opened(fact: &ConversationFact, day: Span) -> Vec<Hit> {
    let mut hits = vec![one(Metric::ConversationsOpened)];
    let reach = day.until.plus(REACH_MS);
    let answered = fact.first_response_at.filter(|at| *at < reach);
    if let Some((asked, answered)) = fact.first_inbound_at.zip(answered) {
        hits.push(time(Metric::FirstResponse, asked, answered));
    }
    hits
}

/// What a conversation that closed on this day adds.
pub fn closed(fact: &ConversationFact) -> Vec<Hit> {
    let Some(at) = fact.closed_at else { return Vec::new() };
    vec![one(Metric::ConversationsClosed), time(Metric::Resolution, fact.opened_at, at)]
}

/// What an Opportunity that was won on this day adds; `amount` in hundredths.
pub fn won(amount: Option<i64>) -> Vec<Hit> {
    let revenue = amount.map(|value| Hit { metric: Metric::Revenue, value });
    std::iter::once(one(Metric::OpportunitiesWon)).chain(revenue).collect()
}

/// What an answer of this day adds: the mean of all is CSAT, or NPS.
pub fn answer(fact: &AnswerFact) -> Vec<Hit> {
    let (metric, bad) = match fact.scale {
        Scale::Csat => (Metric::Csat, 0),
        Scale::Nps => (Metric::Nps, -100),
    };
    let value = match fact.scale.class(fact.score) {
        Class::Good => 100,
        Class::Middling => 0,
        Class::Bad => bad,
    };
    vec![Hit { metric, value }]
}

/// What a record that was made on this day adds.
pub fn record(fact: &RecordFact) -> Vec<Hit> {
    vec![one(match fact.of {
        RecordOf::Case => Metric::CasesCreated,
        RecordOf::Opportunity => Metric::OpportunitiesCreated,
    })]
}
