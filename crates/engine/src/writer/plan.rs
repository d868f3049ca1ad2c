//! What goes into one call. A call takes five collections and queries.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::ids::{ConversationId, MessageId, PersonId};
use store::op::{SyncEnd, SyncOutcome, SyncRef};
use store::{
    Commit, Conversation, Message, Object, Op, Outbox, Person, RecordLink, StoreError, SyncRow,
};

use super::claim::Writer;
use super::links::Links;
use super::lookup;
use super::roots::{Load, Root};
use crate::mapping::{Filled, ToFill, fill};
use crate::routing::Active;

pub const COLLECTION_MAX: usize = 200;
/// After so many refusals of a person their rows no longer wait for them.
const PARENT_TRIES: u32 = 2;
/// While a conversation is set aside, its messages look for it this often.
const ORPHAN_MS: i64 = 60_000;

/// Rows of one call, read and ready to be projected.
pub struct Wave {
    /// What the call locks.
    pub roots: BTreeSet<Root>,
    pub persons: Vec<(SyncRow, Person)>,
    pub conversations: Vec<(SyncRow, Conversation)>,
    pub messages: Vec<(SyncRow, Message, Option<Outbox>)>,
    /// Lead links whose person is looked up by phone and create key.
    pub find_homes: Vec<(RecordLink, Person)>,
    /// Case links: an open case of the contact, or by create key.
    pub find_cases: Vec<(RecordLink, Person)>,
    pub make_leads: Vec<(RecordLink, Person)>,
    /// Newcomers that the rules make Contacts, each by a call of its own.
    pub make_contacts: Vec<(RecordLink, Person)>,
    pub make_cases: Vec<(RecordLink, Person, Conversation)>,
    /// Closed cases that a message opens again.
    pub reopen_cases: Vec<RecordLink>,
    /// Persons that Salesforce does not have and who were refused: others are
    /// written without them, and linked when they get through.
    pub refused_persons: BTreeSet<PersonId>,
    /// What the mapping says of all of them.
    pub filled: Filled,
    /// Which rules decide about its look-ups.
    pub routing: Arc<Active>,
}

impl Wave {
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
            && self.conversations.is_empty()
            && self.messages.is_empty()
            && self.find_homes.is_empty()
            && self.find_cases.is_empty()
            && self.make_leads.is_empty()
            && self.make_contacts.is_empty()
            && self.make_cases.is_empty()
            && self.reopen_cases.is_empty()
    }

    /// Salesforce saves a collection in its order: children of one parent stand
    /// together, in the order in which they came to be.
    fn by_parent(&mut self) {
        self.persons.sort_by(|(a, p), (b, q)| (&p.account, a.id).cmp(&(&q.account, b.id)));
        self.conversations.sort_by_key(|(row, _)| (row.root, row.id));
        self.messages
            .sort_by_key(|(row, message, _)| (row.root, message.conversation, message.seq));
        self.make_cases.sort_by(|(a, p, _), (b, q, _)| {
            (&p.account, a.person, a.slot).cmp(&(&q.account, b.person, b.slot))
        });
    }

    fn to_fill(&self) -> ToFill<'_> {
        ToFill {
            leads: self.make_leads.iter().map(|(_, person)| person).collect(),
            contacts: self.make_contacts.iter().map(|(_, person)| person).collect(),
            cases: self.make_cases.iter().map(|(_, person, c)| (person, c)).collect(),
            persons: self.persons.iter().map(|(_, person)| person).collect(),
            conversations: self.conversations.iter().map(|(_, c)| c).collect(),
            messages: self.messages.iter().map(|(_, message, _)| message).collect(),
        }
    }

    /// Records of the largest collection that writes.
    pub fn largest(&self) -> usize {
        let upserts = self.persons.len().max(self.conversations.len()).max(self.messages.len());
        upserts.max(self.make_leads.len()).max(self.make_cases.len())
    }
}

pub async fn wave(writer: &Writer, load: Load, rows_max: usize) -> Result<Wave, StoreError> {
    let (store, tenant) = (&writer.store, &writer.tenant);
    let mut links = Links::sort(load.links, rows_max);
    let mut rows = Rows::sort(load.rows, rows_max);
    rows.complete(writer, &links, rows_max).await?;

    let people: BTreeSet<PersonId> = rows.roots().chain(links.people()).collect();
    let people: Vec<_> = people.into_iter().collect();
    let persons: BTreeMap<_, _> =
        store.persons(tenant, &people).await?.into_iter().map(|p| (p.id, p)).collect();
    let wanted: BTreeSet<ConversationId> = rows
        .ids(Object::Conversation, ConversationId::from_bytes)
        .chain(links.make_cases.iter().map(|l| ConversationId::from_bytes(l.slot)))
        .collect();
    let wanted: Vec<_> = wanted.into_iter().collect();
    let conversations: BTreeMap<_, _> =
        store.conversations(tenant, &wanted).await?.into_iter().map(|c| (c.id, c)).collect();
    let ids: Vec<_> = rows.ids(Object::Message, MessageId::from_bytes).collect();
    let mut messages: BTreeMap<_, _> =
        store.messages(tenant, &ids).await?.into_iter().map(|m| (m.id, m)).collect();
    rows.drop_orphans(writer, &messages).await?;

    let mut wave = Wave {
        roots: load.roots,
        persons: Vec::new(),
        conversations: Vec::new(),
        messages: Vec::new(),
        find_homes: links.with_person(&persons, |l| std::mem::take(&mut l.find_homes)),
        find_cases: links.with_person(&persons, |l| std::mem::take(&mut l.find_cases)),
        make_leads: links.with_person(&persons, |l| std::mem::take(&mut l.make_leads)),
        make_contacts: links.with_person(&persons, |l| std::mem::take(&mut l.make_contacts)),
        make_cases: Vec::new(),
        reopen_cases: std::mem::take(&mut links.reopen_cases),
        refused_persons: rows.refused.clone(),
        filled: Filled::new(writer.mappings.active(tenant).await?),
        routing: writer.routings.active(tenant).await?,
    };
    let fitting = lookup::fitting(&wave.find_homes, writer.directory.home(tenant));
    wave.find_homes.truncate(fitting);
    for link in std::mem::take(&mut links.make_cases) {
        let conversation = conversations.get(&ConversationId::from_bytes(link.slot));
        if let (Some(person), Some(conversation)) = (persons.get(&link.person), conversation) {
            wave.make_cases.push((link, person.clone(), conversation.clone()));
        }
    }
    for row in rows.persons {
        if let Some(person) = persons.get(&PersonId::from_bytes(row.id)) {
            wave.persons.push((row, person.clone()));
        }
    }
    for row in rows.conversations {
        if let Some(c) = conversations.get(&ConversationId::from_bytes(row.id)) {
            wave.conversations.push((row, c.clone()));
        }
    }
    for row in rows.messages {
        if let Some(message) = messages.remove(&MessageId::from_bytes(row.id)) {
            let outbox = match message.outbox {
                Some(id) => store.outbox(tenant, id).await?,
                None => None,
            };
            wave.messages.push((row, message, outbox));
        }
    }
    wave.by_parent();
    wave.filled = fill(writer, wave.filled.active.clone(), wave.to_fill()).await?;
    Ok(wave)
}

struct Rows {
    persons: Vec<SyncRow>,
    conversations: Vec<SyncRow>,
    messages: Vec<SyncRow>,
    refused: BTreeSet<PersonId>,
}

impl Rows {
    fn sort(due: Vec<SyncRow>, rows_max: usize) -> Self {
        let mut rows = Self {
            persons: Vec::new(),
            conversations: Vec::new(),
            messages: Vec::new(),
            refused: BTreeSet::new(),
        };
        for row in due {
            rows.add(row, rows_max);
        }
        rows
    }

    fn add(&mut self, row: SyncRow, rows_max: usize) {
        let list = match row.object {
            Object::Person => &mut self.persons,
            Object::Conversation => &mut self.conversations,
            Object::Message => &mut self.messages,
        };
        if list.len() < rows_max && !list.iter().any(|r| r.id == row.id) {
            list.push(row);
        }
    }

    fn roots(&self) -> impl Iterator<Item = PersonId> + '_ {
        [&self.persons, &self.conversations, &self.messages].into_iter().flatten().map(|r| r.root)
    }

    fn ids<T: 'static>(
        &self,
        object: Object,
        id: fn([u8; 16]) -> T,
    ) -> impl Iterator<Item = T> + '_ {
        let list = match object {
            Object::Person => &self.persons,
            Object::Conversation => &self.conversations,
            Object::Message => &self.messages,
        };
        list.iter().map(move |row| id(row.id))
    }

    /// Adds what belongs to the same people and may ride along, and the rows
    /// that a create of this wave is linked from.
    async fn complete(
        &mut self,
        writer: &Writer,
        links: &Links,
        rows_max: usize,
    ) -> Result<(), StoreError> {
        let (store, tenant) = (&writer.store, &writer.tenant);
        let due: Vec<_> = self.roots().collect::<BTreeSet<_>>().into_iter().collect();
        let linked: Vec<_> = links
            .make_leads
            .iter()
            .map(|l| (Object::Person, *l.person.as_bytes()))
            .chain(links.make_cases.iter().map(|l| (Object::Conversation, l.slot)))
            .collect();
        for row in store.sync_rows(tenant, &linked).await? {
            self.add(row, rows_max);
        }
        let roots: BTreeSet<_> = self.roots().collect();
        let roots: Vec<_> = roots.into_iter().collect();
        // a backlog is no company: it goes by jobs
        let joined = if writer.way.by_jobs() { &due } else { &roots };
        let company = store.sync_pending(tenant, joined, COLLECTION_MAX as u32).await?;
        self.reorder(&company, rows_max);
        for row in company {
            self.add(row, rows_max);
        }
        let people: Vec<_> = roots.iter().map(|p| (Object::Person, *p.as_bytes())).collect();
        let mut missing = store.sync_rows(tenant, &people).await?;
        missing.retain(|row| row.done == 0);
        for row in missing.iter().filter(|row| !row.aside && row.attempts == 0) {
            self.add(row.clone(), rows_max);
        }
        let (refused, awaited): (Vec<_>, Vec<_>) = missing.into_iter().partition(|row| {
            let along = self.persons.iter().any(|p| p.id == row.id);
            row.aside || (row.attempts > 0 && !along) || row.attempts > PARENT_TRIES
        });
        self.refused = refused.into_iter().map(|row| row.root).collect();
        // who did not fit in comes with the next wave, and their rows with them
        let later: BTreeSet<_> = awaited
            .into_iter()
            .filter(|row| !self.persons.iter().any(|p| p.id == row.id))
            .map(|row| row.root)
            .collect();
        self.conversations.retain(|row| !later.contains(&row.root));
        Ok(())
    }

    /// What was put back after a failed call is due later than what came after
    /// it. So of each person whose messages are due the oldest go first,
    /// whichever of them became due.
    fn reorder(&mut self, company: &[SyncRow], rows_max: usize) {
        let mut people: Vec<PersonId> = Vec::new();
        for row in std::mem::take(&mut self.messages) {
            if people.last() != Some(&row.root) && !people.contains(&row.root) {
                people.push(row.root);
            }
        }
        for person in people {
            let theirs = |row: &&SyncRow| row.object == Object::Message && row.root == person;
            for row in company.iter().filter(theirs) {
                self.add(row.clone(), rows_max);
            }
        }
    }

    /// A message is written only when its conversation is there or comes along.
    async fn drop_orphans(
        &mut self,
        writer: &Writer,
        messages: &BTreeMap<MessageId, Message>,
    ) -> Result<(), StoreError> {
        let parents: BTreeSet<_> =
            messages.values().map(|m| (Object::Conversation, *m.conversation.as_bytes())).collect();
        let parents: Vec<_> = parents.into_iter().collect();
        let rows = writer.store.sync_rows(&writer.tenant, &parents).await?;
        let mut there: BTreeSet<_> = rows.iter().filter(|r| r.done > 0).map(|r| r.id).collect();
        there.extend(self.conversations.iter().map(|r| r.id));
        let aside: BTreeSet<_> = rows.iter().filter(|r| r.aside).map(|r| r.id).collect();
        let parent = |row: &SyncRow| {
            let message = messages.get(&MessageId::from_bytes(row.id))?;
            Some(*message.conversation.as_bytes())
        };
        let (kept, dropped): (Vec<_>, Vec<_>) = std::mem::take(&mut self.messages)
            .into_iter()
            .partition(|row| parent(row).is_some_and(|id| there.contains(&id)));
        self.messages = kept;
        // out of the way of what can be written
        let (tenant, at) = (&writer.tenant, writer.ambient.now());
        let ops: Vec<_> = dropped
            .iter()
            .filter(|row| parent(row).is_some_and(|id| aside.contains(&id)))
            .map(|row| {
                let version = SyncRef { object: row.object, id: row.id, version: row.wanted };
                let end = SyncOutcome::Halted { due_at: at.plus(ORPHAN_MS) };
                Op::SyncEnd(SyncEnd { tenant: tenant.clone(), row: version, at, end })
            })
            .collect();
        if !ops.is_empty() {
            writer.store.commit(Commit::of(ops)).await?;
        }
        Ok(())
    }
}
