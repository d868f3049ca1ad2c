//! Sends that are held, and why.

use model::UnixMs;
use model::ids::{MessageId, OutboxId, PersonId, PhoneNumberId};

use super::Class;

words! {
    /// Why this database may not be the newest one of its installation.
    HoldWhy {
        /// It was restored from a backup.
        Restored = "restored",
        /// The mark outside knows of sends that this database does not.
        Ahead = "ahead",
        /// It lies elsewhere, and where it lay before somebody may work still.
        Copied = "copied",
        /// Another process has written the mark: a copy of this database.
        OtherProcess = "other_process",
        /// Another installation sends from a number of ours.
        OtherInstallation = "other_installation",
        /// A restored database of this installation has taken over.
        NewerGeneration = "newer_generation",
    }
}

/// Nothing is sent since then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    pub since: UnixMs,
    pub why: HoldWhy,
}

/// A send that waits for a match or for a person's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSend {
    /// Where to go on with the next page.
    pub seq: i64,
    pub id: OutboxId,
    pub message: MessageId,
    pub person: PersonId,
    pub number: PhoneNumberId,
    pub class: Class,
    pub attempts: u32,
    pub created_at: UnixMs,
}
