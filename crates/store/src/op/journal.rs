//! The journal belongs to the app; items, from intake on, to a tenant.

use bytes::Bytes;
use model::UnixMs;
use model::ids::{AppId, MessageId, PersonId, PhoneNumberId, TenantId};

use super::Op;

/// A webhook body as it came, byte for byte. Sealed under the installation key.
#[derive(Clone, Debug)]
pub struct NewWebhook {
    pub app: AppId,
    pub received_at: UnixMs,
    pub body: Bytes,
}

/// The natural key of an item, as a keyed hash in the partition of its own
/// day. A redelivery carries the same timestamp, so it meets the same
/// partition; partitions are dropped whole after thirteen months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayKey {
    pub day: i32,
    pub hash: [u8; 16],
}

/// One message, status or event of a webhook.
///
/// If `key` was seen before, nothing of this op is written and the answer is
/// `New(false)`; else the row, the key and the effects are, in order.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// `None`: no tenant of ours has this number; kept as unclaimed.
    pub tenant: Option<TenantId>,
    pub app: AppId,
    pub journal: i64,
    pub ordinal: u32,
    /// `message`, `status`, or the webhook field.
    pub kind: String,
    pub number: Option<PhoneNumberId>,
    pub key: DayKey,
    pub state: ItemState,
    pub at: UnixMs,
    pub person: Option<PersonId>,
    pub message: Option<MessageId>,
    /// The fragment itself; `None` where a message row holds it already.
    /// Sealed under the tenant key (installation key when unclaimed).
    pub raw: Option<Bytes>,
    /// A webhook body that holds this item alone, for an item that is left:
    /// what a replay takes in. Sealed like `raw`.
    pub envelope: Option<Bytes>,
    pub effects: Vec<Op>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemState {
    Done,
    /// Set aside whole and visible; its neighbours went on.
    Aside {
        code: String,
        detail: String,
    },
    Unclaimed,
}

/// Drops what its time has passed. Each bound is exclusive.
#[derive(Clone, Debug, Default)]
pub struct Purge {
    /// Journal rows done before this time lose their body and row.
    pub journal_before: Option<UnixMs>,
    /// Key partitions of days before this one.
    pub keys_before_day: Option<i32>,
    /// Feed rows before this time.
    pub feed_before: Option<UnixMs>,
    /// Calls to Salesforce that failed before this time.
    pub attempts_before: Option<UnixMs>,
    /// At most this many rows in this commit, so that the writer is not held.
    pub rows_max: u32,
}
