//! Files on their way.

use model::UnixMs;
use model::ids::{MediaId, MessageId, OutboxId, PersonId, PhoneNumberId, RecordId};

words! {
    MediaKind {
        /// A customer's, or one the business sent by hand.
        In = "in",
        /// Uploaded to us, to be named by sends.
        Kept = "kept",
        /// Of one send.
        Out = "out",
    }
}
words! {
    MediaState {
        Requested = "requested",
        /// In the spool, checked.
        Downloaded = "downloaded",
        /// In Salesforce; for sends: at Meta, which is the end.
        Uploaded = "uploaded",
        /// Shown on the message and on its conversation's record.
        Linked = "linked",
        Aside = "aside",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageMedia {
    pub state: MediaState,
    pub code: Option<String>,
    pub document: Option<RecordId>,
}

#[derive(Clone, Debug)]
pub struct Media {
    pub id: MediaId,
    pub kind: MediaKind,
    pub state: MediaState,
    pub person: Option<PersonId>,
    pub message: Option<MessageId>,
    pub outbox: Option<OutboxId>,
    pub number: Option<PhoneNumberId>,
    /// An upload was called: it may be there.
    pub called: bool,
    /// Of the present step.
    pub attempts: u32,
    pub due_at: Option<UnixMs>,
    pub requested_at: UnixMs,
    pub downloaded_at: Option<UnixMs>,
    pub uploaded_at: Option<UnixMs>,
    pub linked_at: Option<UnixMs>,
    pub expires_at: Option<UnixMs>,
    pub bytes: Option<u64>,
    pub version: Option<RecordId>,
    pub document: Option<RecordId>,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub about: Vec<u8>,
}
