//! Where things stand: one message, a list, every step of one; and the queues.
//!
//! Promise: it reads, and changes nothing; what it shows is committed.

mod queues;
mod standing;
mod trace;

use model::UnixMs;
use model::ids::{
    ConversationId, MessageId, OutboxId, PersonId, PhoneNumberId, RecordId, TenantId,
};
use store::{Message, Object, Store, StoreError};

pub use queues::{Queue, QueueKind, Trends};
pub use standing::Standing;
pub use trace::{Step, Trace};

use crate::intake::state_key;

/// The last message of the page before.
type Before = (UnixMs, MessageId);

#[derive(Clone)]
pub struct Board {
    pub store: Store,
    /// How fast the queues empty, as upkeep sees it.
    pub trends: Trends,
}

/// How a message is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Find {
    Message(MessageId),
    Outbox(OutboxId),
    /// Unique only together with a number; without one, all are tried.
    Wamid {
        number: Option<PhoneNumberId>,
        wamid: String,
    },
    /// The caller's own reference of `POST /send`.
    Reference(String),
    Conversation(ConversationId),
    Person(PersonId),
    /// A Contact, Lead or Case: its person's or its conversation's messages.
    Record(RecordId),
}

#[derive(Clone, Debug)]
pub struct Page {
    pub items: Vec<Standing>,
    /// Give it back as `cursor` for the next page; `None` on the last.
    pub next: Option<String>,
}

impl Board {
    /// Newest first. A cursor that nobody gave is a first page.
    pub async fn find(
        &self,
        tenant: &TenantId,
        find: Find,
        cursor: Option<&str>,
        max: u32,
    ) -> Result<Page, StoreError> {
        let before = cursor.and_then(parse_cursor);
        // what names single messages has one page
        let paged = matches!(find, Find::Conversation(_) | Find::Person(_) | Find::Record(_));
        let messages = self.messages(tenant, find, before, max).await?;
        let full = paged && messages.len() as u32 == max;
        let next = messages.last().filter(|_| full).map(|m| format!("{}.{}", m.sent_at.0, m.id));
        Ok(Page { items: self.standings(tenant, messages).await?, next })
    }

    pub async fn standing(
        &self,
        tenant: &TenantId,
        id: MessageId,
    ) -> Result<Option<Standing>, StoreError> {
        let messages = self.store.messages(tenant, &[id]).await?;
        Ok(self.standings(tenant, messages).await?.pop())
    }

    /// Every step of the messages found, each with its time.
    pub async fn trace(&self, tenant: &TenantId, find: Find) -> Result<Vec<Trace>, StoreError> {
        const TRACES_MAX: u32 = 20;
        let mut traces = Vec::new();
        for message in self.messages(tenant, find, None, TRACES_MAX).await? {
            traces.push(trace::trace(&self.store, tenant, &message).await?);
        }
        Ok(traces)
    }

    async fn messages(
        &self,
        tenant: &TenantId,
        find: Find,
        before: Option<Before>,
        max: u32,
    ) -> Result<Vec<Message>, StoreError> {
        let store = &self.store;
        match find {
            Find::Message(id) => store.messages(tenant, &[id]).await,
            Find::Outbox(id) => self.of_outboxes(tenant, &[id]).await,
            Find::Reference(reference) => {
                let rows = store.outbox_by_reference(tenant, &reference, max).await?;
                let ids: Vec<_> = rows.into_iter().map(|row| row.message).collect();
                store.messages(tenant, &ids).await
            }
            Find::Wamid { number, wamid } => {
                let mut found = Vec::new();
                let numbers: Vec<PhoneNumberId> = match number {
                    Some(number) => vec![number],
                    None => {
                        store.numbers(tenant).await?.into_iter().map(|row| row.number).collect()
                    }
                };
                for number in numbers {
                    let key = state_key(store, tenant, &number, &wamid);
                    found.extend(store.message_by_state_key(tenant, &number, &key).await?);
                }
                Ok(found)
            }
            Find::Conversation(id) => store.messages_of(tenant, id, before, max).await,
            Find::Person(id) => store.person_messages(tenant, id, before, max).await,
            Find::Record(record) => {
                if let Some(conversation) = store.conversation_by_case(tenant, &record).await? {
                    return store.messages_of(tenant, conversation.id, before, max).await;
                }
                match store.person_by_record(tenant, &record).await? {
                    Some(person) => store.person_messages(tenant, person.id, before, max).await,
                    None => Ok(Vec::new()),
                }
            }
        }
    }

    async fn of_outboxes(
        &self,
        tenant: &TenantId,
        ids: &[OutboxId],
    ) -> Result<Vec<Message>, StoreError> {
        let mut messages = Vec::new();
        for id in ids {
            if let Some(row) = self.store.outbox(tenant, *id).await? {
                messages.push(row.message);
            }
        }
        self.store.messages(tenant, &messages).await
    }

    async fn standings(
        &self,
        tenant: &TenantId,
        messages: Vec<Message>,
    ) -> Result<Vec<Standing>, StoreError> {
        let keys: Vec<_> = messages.iter().map(|m| (Object::Message, *m.id.as_bytes())).collect();
        let records = self.store.sync_rows(tenant, &keys).await?;
        let mut standings = Vec::new();
        for message in messages {
            let outbox = match message.outbox {
                Some(id) => self.store.outbox(tenant, id).await?,
                None => None,
            };
            let record = records.iter().find(|r| r.id == *message.id.as_bytes());
            let record = record.and_then(|r| r.record.clone());
            standings.push(standing::standing(&message, outbox.as_ref(), record));
        }
        Ok(standings)
    }
}

fn parse_cursor(cursor: &str) -> Option<Before> {
    let (at, id) = cursor.split_once('.')?;
    Some((UnixMs(at.parse().ok()?), MessageId::parse(id)?))
}
