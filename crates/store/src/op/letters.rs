//! Decisions: what becomes of a send whose answer was lost, and of what ended
//! aside. A person takes them, or a rule of the tenant's.

use bytes::Bytes;
use model::UnixMs;
use model::ids::{AppId, OutboxId, TenantId};

use super::{DayKey, Op, TemplateUse};
use crate::letter::LetterId;

/// Ends the uncertainty about a send. Only for a send that is `asked`, or
/// `uncertain` for longer than its time; a status may have settled it, then
/// nothing is written. Answers `Decided`; the effects happen only with it.
#[derive(Clone, Debug)]
pub struct SendDecision {
    pub tenant: TenantId,
    pub outbox: OutboxId,
    pub at: UnixMs,
    pub choice: Choice,
    pub effects: Vec<Op>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Put to a person now: what [`super::Op::AskUncertain`] does for all.
    Ask,
    /// Queued again at the tail of its lane, for a new attempt. Not before the
    /// deadline of every permit of it has passed.
    Resend,
    /// Not sent (again): ends `dropped`, with this reason.
    Drop { reason: String },
}

/// Brings a letter back. A send joins the tail of its lane; a write or a record
/// is due now, with all its attempts before it; a file is requested again; a body
/// or an item is taken in once more. Answers `Decided`; the effects happen only with it.
#[derive(Clone, Debug)]
pub struct LetterReplay {
    pub tenant: TenantId,
    pub id: LetterId,
    pub at: UnixMs,
    /// For a body or an item.
    pub intake: Option<IntakeAgain>,
    pub effects: Vec<Op>,
}

/// A new row of the journal; the letter's own row ends.
#[derive(Clone, Debug)]
pub struct IntakeAgain {
    pub app: AppId,
    pub body: Bytes,
    /// The item's own key, under which it was registered when it failed.
    pub forget: Option<DayKey>,
}

/// Ends a letter without doing anything about it: its row stays, with the
/// reason, and is listed no more. Answers `Decided`.
#[derive(Clone, Debug)]
pub struct LetterDiscard {
    pub tenant: TenantId,
    pub id: LetterId,
    pub at: UnixMs,
    pub reason: String,
    pub effects: Vec<Op>,
}

/// Changes what a replay will bring back. Answers `Decided`.
#[derive(Clone, Debug)]
pub struct LetterEdit {
    pub tenant: TenantId,
    pub id: LetterId,
    pub edit: Edit,
    pub effects: Vec<Op>,
}

#[derive(Clone, Debug)]
pub enum Edit {
    /// A webhook body, or the body that holds an item alone.
    Body(Bytes),
    Send {
        /// As [`super::NewOutbox::body`].
        body: Vec<u8>,
        free_form: bool,
        template: Option<TemplateUse>,
        kind: String,
        /// As [`super::NewMessage::body`]: what people are shown.
        shown: Vec<u8>,
        /// When the change must be in Salesforce.
        sync_due_at: UnixMs,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    Done,
    /// It waits for nobody (any more): settled, decided, or never there.
    Gone,
    /// A call with an earlier permit may still be made.
    TooEarly,
}
