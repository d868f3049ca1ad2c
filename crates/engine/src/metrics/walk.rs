//! Page by page through the records that figures are made of.

use std::fmt;

use model::UnixMs;
use model::ids::{ConversationId, SurveyId, TenantId};
use rules::metrics::{
    AnswerFact, ConversationFact, Day, Hit, Key, MessageFact, RecordFact, RecordOf, Source, Span,
    Zone, answer, closed, message, opened, record, won,
};
use rules::survey::Scale;
use store::StoreError;
use store::{
    Class, Conversation, Deal, Direction, MetricMessage, MetricRecord, RecordKind, Store,
    SurveyCase,
};

pub const PAGE: u32 = 500;

/// Up to where a walk came. A text of it is a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Message(UnixMs, i64),
    Conversation(UnixMs, ConversationId),
    Record(UnixMs, ConversationId, RecordKind),
    Answer(UnixMs, SurveyId),
    Won(UnixMs, ConversationId),
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(at, seq) => write!(f, "m.{}.{seq}", at.0),
            Self::Conversation(at, id) => write!(f, "c.{}.{id}", at.0),
            Self::Won(at, id) => write!(f, "w.{}.{id}", at.0),
            Self::Answer(at, id) => write!(f, "a.{}.{id}", at.0),
            Self::Record(at, id, kind) => write!(f, "r.{}.{id}.{}", at.0, kind.as_str()),
        }
    }
}

impl Mark {
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (word, at) = (parts.next()?, UnixMs(parts.next()?.parse().ok()?));
        let rest = parts.next()?;
        let mark = match word {
            "m" => Self::Message(at, rest.parse().ok()?),
            "c" => Self::Conversation(at, ConversationId::parse(rest)?),
            "w" => Self::Won(at, ConversationId::parse(rest)?),
            "a" => Self::Answer(at, SurveyId::parse(rest)?),
            "r" => {
                Self::Record(at, ConversationId::parse(rest)?, RecordKind::parse(parts.next()?)?)
            }
            _ => return None,
        };
        parts.next().is_none().then_some(mark)
    }

    pub fn is_of(&self, source: Source) -> bool {
        matches!(
            (self, source),
            (Self::Message(..), Source::Messages)
                | (Self::Conversation(..), Source::Opened | Source::Closed)
                | (Self::Record(..), Source::Records)
                | (Self::Answer(..), Source::Answers)
                | (Self::Won(..), Source::Won)
        )
    }
}

/// One record, and what it adds to the figures of its day.
pub struct Seen {
    pub mark: Mark,
    pub at: UnixMs,
    /// Id of the message, the conversation or the record in Salesforce.
    pub id: String,
    pub conversation: Option<ConversationId>,
    pub key: Key,
    pub hits: Vec<Hit>,
}

/// The next page from a mark on; empty at the end.
pub async fn page(
    store: &Store,
    tenant: &TenantId,
    zone: &Zone,
    source: Source,
    range: Span,
    after: Option<Mark>,
) -> Result<Vec<Seen>, StoreError> {
    let (from, until) = (range.from, range.until);
    let of_conversation = match after {
        Some(Mark::Conversation(at, id)) => Some((at, id)),
        _ => None,
    };
    let mut days = Days { zone, last: None };
    Ok(match source {
        Source::Messages => {
            let after = match after {
                Some(Mark::Message(at, seq)) => Some((at, seq)),
                _ => None,
            };
            let rows = store.metric_messages(tenant, from, until, after, PAGE).await?;
            rows.into_iter().map(|row| of_message(&mut days, row)).collect()
        }
        Source::Opened => {
            let rows = store.metric_opened(tenant, from, until, of_conversation, PAGE).await?;
            let seen = |row: Conversation| {
                let hits = opened(&fact(&row), days.span(row.opened_at));
                of_conversation_at(row.opened_at, &row, hits)
            };
            rows.into_iter().map(seen).collect()
        }
        Source::Closed => {
            let rows = store.metric_closed(tenant, from, until, of_conversation, PAGE).await?;
            let seen = |row: Conversation| {
                let at = row.closed_at.unwrap_or(row.opened_at);
                of_conversation_at(at, &row, closed(&fact(&row)))
            };
            rows.into_iter().map(seen).collect()
        }
        Source::Records => {
            let after = match after {
                Some(Mark::Record(at, slot, kind)) => Some((at, *slot.as_bytes(), kind)),
                _ => None,
            };
            let rows = store.metric_records(tenant, from, until, after, PAGE).await?;
            rows.into_iter().map(of_record).collect()
        }
        Source::Won => {
            let after = match after {
                Some(Mark::Won(at, id)) => Some((at, id)),
                _ => None,
            };
            let rows = store.metric_deals(tenant, from, until, after, PAGE).await?;
            rows.into_iter().map(of_deal).collect()
        }
        Source::Answers => {
            let after = match after {
                Some(Mark::Answer(at, id)) => Some((at, id)),
                _ => None,
            };
            let rows = store.surveys_answered(tenant, from, until, after, PAGE).await?;
            rows.into_iter().map(of_answer).collect()
        }
    })
}

/// The day of a time; most are of the day of the one before.
struct Days<'a> {
    zone: &'a Zone,
    last: Option<Span>,
}

impl Days<'_> {
    fn span(&mut self, at: UnixMs) -> Span {
        match self.last {
            Some(span) if span.holds(at) => span,
            _ => *self.last.insert(Day::of(at, self.zone).span(self.zone)),
        }
    }
}

fn of_message(days: &mut Days<'_>, row: MetricMessage) -> Seen {
    let fact = MessageFact {
        inbound: row.direction == Direction::In,
        campaign: row.class == Some(Class::Campaign),
        at: row.at,
        before_at: row.before_at,
        waited_since: row.waited_since,
        replied_at: row.replied_at,
        accepted_at: row.accepted_at,
        sent_at: row.sent_at,
        delivered_at: row.delivered_at,
        // who played a voice message has read it
        read_at: row.read_at.into_iter().chain(row.played_at).min(),
        failed_at: row.failed_at,
        code: row.code,
    };
    let hits = message(&fact, days.span(row.at));
    let number = Some(row.number.to_string());
    let key =
        Key { number, agent: row.agent, template: row.template, code: fact.code, ..Key::default() };
    Seen {
        mark: Mark::Message(row.at, row.seq),
        at: row.at,
        id: row.id.to_string(),
        conversation: Some(row.conversation),
        key,
        hits,
    }
}

fn fact(row: &Conversation) -> ConversationFact {
    ConversationFact {
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        first_inbound_at: row.first_inbound_at,
        first_response_at: row.first_response_at,
    }
}

fn of_conversation_at(at: UnixMs, row: &Conversation, hits: Vec<Hit>) -> Seen {
    Seen {
        mark: Mark::Conversation(at, row.id),
        at,
        id: row.id.to_string(),
        conversation: Some(row.id),
        key: Key { number: Some(row.number.to_string()), ..Key::default() },
        hits,
    }
}

fn of_record(row: MetricRecord) -> Seen {
    let of = match row.kind {
        RecordKind::Opportunity => RecordOf::Opportunity,
        _ => RecordOf::Case,
    };
    let slot = ConversationId::from_bytes(row.slot);
    Seen {
        mark: Mark::Record(row.at, slot, row.kind),
        at: row.at,
        id: row.record.map(|id| id.to_string()).unwrap_or_default(),
        conversation: row.number.is_some().then_some(slot),
        key: Key { number: row.number.map(|number| number.to_string()), ..Key::default() },
        hits: record(&RecordFact { of, at: row.at }),
    }
}

/// By the time at which it was known to be won.
fn of_deal(row: Deal) -> Seen {
    let at = row.closed_at.unwrap_or(row.made_at);
    let (number, source) = (Some(row.number.to_string()), row.touch);
    Seen {
        mark: Mark::Won(at, row.conversation),
        at,
        id: row.record.to_string(),
        conversation: Some(row.conversation),
        key: Key { number, source, ..Key::default() },
        hits: won(row.amount),
    }
}

/// By the time of the first answer; a score that was changed counts as it is.
fn of_answer(row: SurveyCase) -> Seen {
    let at = row.answered_at.unwrap_or(row.noticed_at);
    let scale = row.asked.as_ref().and_then(|ask| Scale::parse(&ask.scale));
    let score = row.score.and_then(|score| u8::try_from(score).ok());
    let fact = scale.zip(score).map(|(scale, score)| AnswerFact { scale, score });
    Seen {
        mark: Mark::Answer(at, row.id),
        at,
        id: row.case.to_string(),
        conversation: Some(row.conversation),
        key: Key { number: Some(row.number.to_string()), ..Key::default() },
        hits: fact.as_ref().map(answer).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_comes_back_from_its_text() {
        let id = ConversationId::from_bytes([7; 16]);
        for mark in [
            Mark::Message(UnixMs(-5), 9),
            Mark::Conversation(UnixMs(5), id),
            Mark::Record(UnixMs(5), id, RecordKind::Opportunity),
            Mark::Answer(UnixMs(5), SurveyId::from_bytes([7; 16])),
            Mark::Won(UnixMs(5), id),
        ] {
            assert_eq!(Mark::parse(&mark.to_string()), Some(mark));
        }
        for text in ["", "m", "m.1", "m.1.x", "m.1.2.3", "c.1.2", "r.1.2", "z.1.2"] {
            assert_eq!(Mark::parse(text), None, "{text}");
        }
    }
}
