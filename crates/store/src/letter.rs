//! Dead letters: what ended aside, wherever it lies, under one kind of name.

use std::fmt;

use bytes::Bytes;
use model::UnixMs;
use model::ids::{
    AppId, ConversationId, MediaId, MessageId, OutboxId, PersonId, PhoneNumberId, RecordId,
    TenantId,
};

use crate::op::DayKey;
use crate::row::{Object, RecordKind};

/// What one letter is called. The variants stand in the order in which letters
/// of one time are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterId {
    /// A whole webhook body: its number in the journal. `webhook-7`.
    Webhook(i64),
    /// One message, status or event of a body. `item-7`.
    Item(i64),
    /// A send that was refused for good. `out_...`.
    Send(OutboxId),
    /// A row of our own objects: `per_...`, `con_...`, `msg_...`.
    Write(Object, [u8; 16]),
    /// A standard record to be created, by its slot: `lead-...`, `case-...`.
    Record(RecordKind, [u8; 16]),
    /// A file on its way to Salesforce. `med_...`. The file of a send is no
    /// letter of its own: its send is.
    File(MediaId),
}

/// Where letters come from; the order is the one of [`LetterId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterKind {
    Webhook,
    Item,
    Send,
    Write,
    Record,
    File,
}

impl LetterKind {
    pub const ALL: [Self; 6] =
        [Self::Webhook, Self::Item, Self::Send, Self::Write, Self::Record, Self::File];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Item => "item",
            Self::Send => "send",
            Self::Write => "write",
            Self::Record => "record",
            Self::File => "file",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl LetterId {
    pub const fn kind(&self) -> LetterKind {
        match self {
            Self::Webhook(_) => LetterKind::Webhook,
            Self::Item(_) => LetterKind::Item,
            Self::Send(_) => LetterKind::Send,
            Self::Write(..) => LetterKind::Write,
            Self::Record(..) => LetterKind::Record,
            Self::File(_) => LetterKind::File,
        }
    }

    /// Reads the shown form back; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(id) = OutboxId::parse(text) {
            return Some(Self::Send(id));
        }
        if let Some(id) = MessageId::parse(text) {
            return Some(Self::Write(Object::Message, *id.as_bytes()));
        }
        if let Some(id) = ConversationId::parse(text) {
            return Some(Self::Write(Object::Conversation, *id.as_bytes()));
        }
        if let Some(id) = PersonId::parse(text) {
            return Some(Self::Write(Object::Person, *id.as_bytes()));
        }
        if let Some(id) = MediaId::parse(text) {
            return Some(Self::File(id));
        }
        let (word, rest) = text.split_once('-')?;
        match word {
            "webhook" => number(rest).map(Self::Webhook),
            "item" => number(rest).map(Self::Item),
            _ => {
                let slot = PersonId::parse(&format!("{}{rest}", PersonId::PREFIX))?;
                Some(Self::Record(RecordKind::parse(word)?, *slot.as_bytes()))
            }
        }
    }
}

fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|n| *n > 0 && !text.starts_with('+'))
}

impl fmt::Display for LetterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Webhook(seq) => write!(f, "webhook-{seq}"),
            Self::Item(id) => write!(f, "item-{id}"),
            Self::Send(id) => id.fmt(f),
            Self::File(id) => id.fmt(f),
            Self::Write(Object::Person, id) => PersonId::from_bytes(*id).fmt(f),
            Self::Write(Object::Conversation, id) => ConversationId::from_bytes(*id).fmt(f),
            Self::Write(Object::Message, id) => MessageId::from_bytes(*id).fmt(f),
            Self::Record(kind, slot) => {
                write!(f, "{}-", kind.as_str())?;
                slot.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }
    }
}

/// Whose letters are meant. What belongs to no tenant (a body, an item of a
/// number that nobody had) is within reach when its app serves this tenant
/// alone, or when its number is this tenant's by now.
#[derive(Clone, Debug)]
pub struct Reach {
    pub tenant: TenantId,
    pub apps: Vec<AppId>,
    pub numbers: Vec<PhoneNumberId>,
}

/// Which letters, and from where on.
#[derive(Clone, Debug, Default)]
pub struct LetterFilter {
    pub kind: Option<LetterKind>,
    /// `unclaimed` for items of a number that nobody had.
    pub code: Option<String>,
    /// Set aside at or after.
    pub from: Option<UnixMs>,
    /// Set aside before.
    pub until: Option<UnixMs>,
    /// The last letter of the page before.
    pub after: Option<(UnixMs, LetterId)>,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub id: LetterId,
    /// When it was set aside.
    pub at: UnixMs,
    pub code: String,
    pub detail: Option<String>,
    pub number: Option<PhoneNumberId>,
    pub attempts: u32,
    /// The record in Salesforce, where there is one.
    pub record: Option<RecordId>,
    /// Whose it is, and the message it belongs to, where that is known.
    pub person: Option<PersonId>,
    pub message: Option<MessageId>,
}

/// A body or an item with what it takes to take it in anew.
#[derive(Clone, Debug)]
pub struct Intaken {
    pub app: AppId,
    /// The webhook body; of an item, one that holds it alone. `None` when it
    /// cannot be read as one.
    pub body: Option<Bytes>,
    /// The item's fragment as it came.
    pub raw: Option<Bytes>,
    pub key: Option<DayKey>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_comes_back_and_others_do_not() {
        let id = [0xa5; 16];
        let mut all = vec![
            LetterId::Webhook(1),
            LetterId::Item(i64::MAX),
            LetterId::Send(OutboxId::from_bytes(id)),
            LetterId::File(MediaId::from_bytes(id)),
        ];
        all.extend(Object::ALL.iter().map(|object| LetterId::Write(*object, id)));
        all.extend(RecordKind::ALL.iter().map(|kind| LetterId::Record(*kind, id)));
        for letter in all {
            assert_eq!(LetterId::parse(&letter.to_string()), Some(letter));
            assert_eq!(LetterKind::parse(letter.kind().as_str()), Some(letter.kind()));
        }
        for text in ["", "item-", "item-0", "item--1", "item-+1", "webhook-x", "lead-1", "out_1"] {
            assert_eq!(LetterId::parse(text), None, "{text}");
        }
    }
}
