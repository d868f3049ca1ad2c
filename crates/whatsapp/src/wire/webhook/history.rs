//! Messages from before a phone's number was connected (field `history`).

use serde_json::Value;

use super::Message;

/// One imported message. Chunks arrive in any order; a message of the business
/// has `message.to` set.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryMessage {
    pub message: Message,
    /// The person of the thread, as Meta spells it.
    pub thread: Option<String>,
    /// `SENT`, `DELIVERED`, `READ`, `PLAYED`, `PENDING`, `ERROR`.
    pub status: Option<String>,
    /// 0 = first day, 1 = to 90 days, 2 = to 180 days.
    pub phase: Option<i64>,
    pub chunk_order: Option<i64>,
    /// Percent of the whole import.
    pub progress: Option<i64>,
}

impl HistoryMessage {
    pub(crate) fn read(value: &Value, thread: Option<&str>, chunk: &Value) -> Result<Self, String> {
        let int = |key: &str| chunk.get(key).and_then(crate::wire::lenient::as_int);
        let status = value.get("history_context").and_then(|c| c.get("status"));
        Ok(Self {
            message: Message::read(value)?,
            thread: thread.map(str::to_owned),
            status: status.and_then(Value::as_str).map(str::to_owned),
            phase: int("phase"),
            chunk_order: int("chunk_order"),
            progress: int("progress"),
        })
    }
}
