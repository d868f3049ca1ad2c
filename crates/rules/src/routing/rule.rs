//! The rules of a file, compiled.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use model::UnixMs;

use super::condition::Condition;
use super::title::Title;

/// `act` for messages of which `when` holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule<T> {
    /// Of its table in the file, from 1.
    pub line: usize,
    /// Alone in its list.
    pub name: String,
    pub when: Condition,
    pub act: T,
    /// The whole rule in one line.
    pub text: String,
}

/// What a person whom Salesforce does not know becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Newcomer {
    Lead(Placement),
    Contact(Account, Placement),
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// One made for this person.
    Own,
    /// The record of this id: one for all who write.
    Shared(String),
    /// A person account, which is Contact and Account in one.
    Person,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseRule {
    /// The open one that was opened last is taken.
    pub reuses_open: bool,
    pub reopen: Option<Reopen>,
    /// Where there is none to take.
    pub makes: bool,
    pub placement: Placement,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopen {
    /// After it was closed.
    pub days: i64,
    pub status: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpportunityRule {
    pub stage: String,
    pub close_in_days: i64,
    pub title: Title,
    pub placement: Placement,
}

impl OpportunityRule {
    /// Its name, and the day on which it is expected to close: by the calendar of
    /// `zone`, `2026-12-31`.
    pub fn fill(
        &self,
        person: Option<&str>,
        rule: &str,
        at: UnixMs,
        zone: &TimeZone,
    ) -> (String, String) {
        let at = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        let today = at.to_zoned(zone.clone()).date();
        let close = today.saturating_add(self.close_in_days.days());
        (self.title.fill(person, rule, today), close.to_string())
    }
}

/// A reply of the customer takes a waiting case out of its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub from: Vec<String>,
    pub to: String,
}

/// A case whose customer does not answer is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    pub line: usize,
    pub name: String,
    pub from: Vec<String>,
    pub after_days: i64,
    pub to: String,
    pub text: String,
}

/// When a conversation ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// Of silence on both sides.
    pub after_hours: Option<i64>,
    pub with_case: bool,
}

/// Whose a new record is, and of which type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    pub owner: Owner,
    /// The developer name of a record type.
    pub record_type: Option<String>,
}

/// Salesforce runs assignment rules over each record of a call, unless told
/// not to: with an owner of ours they must be off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Owner {
    /// The org's active assignment rule, where its object has one.
    #[default]
    Assigned,
    /// An assignment rule, by id.
    AssignedBy(String),
    /// The integration user: assignment rules are off.
    Maker,
    /// A user, by id.
    User(String),
    /// A queue, by its developer name.
    Queue(String),
}

impl Owner {
    /// The value of `Sforce-Auto-Assign` for the call that makes the record.
    pub fn auto_assign(&self) -> &str {
        match self {
            Self::Assigned => "TRUE",
            Self::AssignedBy(rule) => rule,
            Self::Maker | Self::User(_) | Self::Queue(_) => "FALSE",
        }
    }
}
