//! What the days of a tenant came to, and what they are counted from.

use model::UnixMs;
use model::ids::{ConversationId, MessageId, PhoneNumberId, RecordId};

use super::{Class, Direction, RecordKind};

/// One figure of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricCell {
    pub metric: String,
    /// By what it is told: `all`, `number` ...
    pub by: String,
    /// Which of them; empty for `all`.
    pub key: String,
    /// How many records it is made of.
    pub count: i64,
    /// Of their values.
    pub sum: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricDay {
    pub day: i32,
    /// When it was counted last; `None`: it is asked for, and never was.
    pub at: Option<UnixMs>,
    pub settled: bool,
    pub asked: bool,
}

/// A message as its day counts it. Nothing of what was written.
#[derive(Clone, Debug)]
pub struct MetricMessage {
    pub id: MessageId,
    pub seq: i64,
    pub conversation: ConversationId,
    pub number: PhoneNumberId,
    pub direction: Direction,
    pub at: UnixMs,
    pub class: Option<Class>,
    pub template: Option<String>,
    pub agent: Option<String>,
    /// The message before it in its conversation, either way.
    pub before_at: Option<UnixMs>,
    /// The customer's first message since our last one that was no campaign's.
    pub waited_since: Option<UnixMs>,
    /// The customer's first message after it.
    pub replied_at: Option<UnixMs>,
    pub accepted_at: Option<UnixMs>,
    pub sent_at: Option<UnixMs>,
    pub delivered_at: Option<UnixMs>,
    pub read_at: Option<UnixMs>,
    pub played_at: Option<UnixMs>,
    pub failed_at: Option<UnixMs>,
    pub code: Option<String>,
}

/// A record that puente made in Salesforce.
#[derive(Clone, Debug)]
pub struct MetricRecord {
    pub at: UnixMs,
    /// Of a Case: the conversation.
    pub slot: [u8; 16],
    pub kind: RecordKind,
    pub record: Option<RecordId>,
    pub number: Option<PhoneNumberId>,
}
