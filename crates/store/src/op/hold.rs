//! A database that may not be the newest one: after a restore, or beside a
//! copy. What it holds as unfinished may have been sent by the other.

use model::ids::{OutboxId, TenantId};
use model::{Status, UnixMs};

use crate::row::HoldWhy;

/// From this commit on no lane is claimed and no send begins, in the whole
/// installation. Sends that are queued, under way or uncertain become `held`.
/// The first reason stays. Answers how many became held.
///
/// [`HoldWhy::Restored`] also raises the generation, and with it the versions
/// of all rows toward Salesforce, so that what is written from now on is newer
/// than all that was written since the backup.
#[derive(Clone, Copy, Debug)]
pub struct HoldRaised {
    pub at: UnixMs,
    pub why: HoldWhy,
}

/// A send that Meta has, as somebody else knows: a held one, one that a person
/// is asked about, or an accepted one of which more is known. Any other is left
/// alone.
#[derive(Clone, Debug)]
pub struct HeldSent {
    pub tenant: TenantId,
    pub outbox: OutboxId,
    pub at: UnixMs,
    /// Rendezvous with statuses: keyed hash of number and wamid.
    pub state_key: [u8; 16],
    pub wamid: String,
    /// What is known of it, with the times. Not empty.
    pub known: Vec<(Status, UnixMs)>,
    pub sync_due_at: UnixMs,
}

/// A person's word about one held send of the tenant, or about all of them.
/// Answers how many it decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// It was not sent: it goes back to the queue.
    Send,
    /// It was sent, or is not wanted any more: it is dropped.
    Drop,
}

#[derive(Clone, Debug)]
pub struct HeldDecision {
    pub tenant: TenantId,
    /// `None`: all that are held.
    pub outbox: Option<OutboxId>,
    pub word: Word,
    pub at: UnixMs,
}

/// Ends the hold when no send is held any more: after a restore by itself,
/// for any other reason only by a person's word that this database is the one.
#[derive(Clone, Copy, Debug)]
pub struct HoldEnd {
    pub by_person: bool,
}
