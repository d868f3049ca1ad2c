//! What `GET /status/stream` tells.

use model::ids::{MessageId, OutboxId};
use model::{Status, UnixMs};

/// One change that `GET /status/stream` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    pub seq: i64,
    pub at: UnixMs,
    /// `message.in`, `message.status`, `send.accepted`, `send.failed`, `send.uncertain`.
    pub kind: String,
    pub message: MessageId,
    pub outbox: Option<OutboxId>,
    pub status: Option<Status>,
}
