//! Where people stand about being written to, and how they came there.

use model::ids::{PersonId, PhoneNumberId};
use model::{ConsentKind, Purpose, UnixMs};
use serde::{Deserialize, Serialize};

/// The newest event of one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub purpose: Purpose,
    pub kind: ConsentKind,
    pub happened_at: UnixMs,
    pub source: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentEvent {
    pub key: [u8; 32],
    pub person: PersonId,
    pub purpose: Purpose,
    pub kind: ConsentKind,
    pub channel: String,
    pub source: String,
    pub number: Option<PhoneNumberId>,
    pub happened_at: UnixMs,
    pub recorded_at: UnixMs,
    pub about: ConsentAbout,
}

/// Sealed under the person's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConsentAbout {
    pub wording: Option<String>,
    pub evidence: Option<String>,
}
