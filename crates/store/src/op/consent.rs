//! What people say about being written to.

use model::ids::{PersonId, PhoneNumberId, TenantId};
use model::{ConsentKind, Purpose, UnixMs};

use super::Op;

/// Adds to the ledger. A key that is there adds nothing: `New(false)`. What
/// sends are held against is the event that happened last, whatever the order
/// in which events come; of two at the same time the opt-out holds. Fails with
/// `Conflict` when there is no such person; of a message that nobody knows,
/// nothing is written and the answer is `New(false)`.
#[derive(Clone, Debug)]
pub struct NewConsent {
    pub tenant: TenantId,
    /// Hash of what makes the event one.
    pub key: [u8; 32],
    pub whom: Whom,
    pub purpose: Purpose,
    pub kind: ConsentKind,
    /// Where it was said: `whatsapp`, `web`, `paper`, ...
    pub channel: String,
    /// What told us: `keyword`, `meta.user_preferences`, `api`, ...
    pub source: String,
    pub number: Option<PhoneNumberId>,
    pub happened_at: UnixMs,
    pub recorded_at: UnixMs,
    /// The words that were agreed or objected to. Sealed under the person's key.
    pub wording: Option<String>,
    /// What proves it: an id, an address, a form. Sealed like the wording.
    pub evidence: Option<String>,
    /// Happen when this event changes where the person stands.
    pub effects: Vec<Op>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    Person(PersonId),
    /// Whom the message with this rendezvous key of the number went to.
    Message([u8; 16]),
}
