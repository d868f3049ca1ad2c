//! The fields of all records of one wave or file, read and evaluated before it
//! goes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::ids::{ConversationId, MessageId, PersonId, RecordId};
use rules::mapping::{Fields, Moment, Target};
use store::op::AlertRaised;
use store::{Conversation, Message, Object, Op, Person, StoreError};

use super::ALERT;
use super::active::Active;
use super::source::{Facts, source};
use crate::writer::Writer;

/// What is to be written.
#[derive(Default)]
pub struct ToFill<'a> {
    pub leads: Vec<&'a Person>,
    pub contacts: Vec<&'a Person>,
    pub cases: Vec<(&'a Person, &'a Conversation)>,
    pub persons: Vec<&'a Person>,
    pub conversations: Vec<&'a Conversation>,
    pub messages: Vec<&'a Message>,
}

/// A standard record that is there, and what the mapping says of it now.
#[derive(Clone, Debug)]
pub struct Update {
    pub target: Target,
    pub record: RecordId,
    pub fields: Fields,
    /// The row of ours that brought it about.
    pub object: Object,
    pub id: [u8; 16],
    pub root: PersonId,
}

/// Empty where the mapping says nothing.
#[derive(Debug)]
pub struct Filled {
    pub active: Arc<Active>,
    pub leads: BTreeMap<PersonId, Fields>,
    pub contacts: BTreeMap<PersonId, Fields>,
    pub cases: BTreeMap<ConversationId, Fields>,
    pub persons: BTreeMap<PersonId, Fields>,
    pub conversations: BTreeMap<ConversationId, Fields>,
    pub messages: BTreeMap<MessageId, Fields>,
    pub updates: Vec<Update>,
    /// Field and why, of values that do not fit.
    pub missed: BTreeSet<(String, String)>,
}

static NONE: Fields = Fields::new();

pub async fn fill(
    writer: &Writer,
    active: Arc<Active>,
    rows: ToFill<'_>,
) -> Result<Filled, StoreError> {
    let mut filler = Filler { writer, filled: Filled::new(active) };
    for person in rows.leads {
        let fields = filler.of_person(Target::Lead, Moment::Create, person).await?;
        filler.filled.leads.insert(person.id, fields);
    }
    for person in rows.contacts {
        let fields = filler.of_person(Target::Contact, Moment::Create, person).await?;
        filler.filled.contacts.insert(person.id, fields);
    }
    for (person, conversation) in rows.cases {
        let (target, moment) = (Target::Case, Moment::Create);
        let fields = filler.of_conversation(target, moment, person, conversation).await?;
        filler.filled.cases.insert(conversation.id, fields);
    }
    for person in rows.persons {
        filler.person(person).await?;
    }
    filler.conversations(&rows.conversations).await?;
    filler.messages(&rows.messages).await?;
    // Salesforce saves objects of one kind together
    filler.filled.updates.sort_by_key(|update| update.target);
    Ok(filler.filled)
}

impl Filled {
    pub fn new(active: Arc<Active>) -> Self {
        Self {
            active,
            leads: BTreeMap::new(),
            contacts: BTreeMap::new(),
            cases: BTreeMap::new(),
            persons: BTreeMap::new(),
            conversations: BTreeMap::new(),
            messages: BTreeMap::new(),
            updates: Vec::new(),
            missed: BTreeSet::new(),
        }
    }

    pub fn lead(&self, id: PersonId) -> &Fields {
        self.leads.get(&id).unwrap_or(&NONE)
    }

    pub fn contact(&self, id: PersonId) -> &Fields {
        self.contacts.get(&id).unwrap_or(&NONE)
    }

    pub fn case(&self, id: ConversationId) -> &Fields {
        self.cases.get(&id).unwrap_or(&NONE)
    }

    /// Tells of values that do not fit, once for each field.
    pub fn alerts<'a>(&'a self, writer: &'a Writer) -> impl Iterator<Item = Op> + 'a {
        self.missed.iter().map(|(field, why)| alert(writer, field.clone(), why.clone()))
    }

    /// The row brings about an update, which goes by a call.
    pub fn goes_by_call(&self, object: Object, id: &[u8; 16]) -> bool {
        self.updates.iter().any(|update| update.object == object && update.id == *id)
    }
}

/// `subject`: the field or object that it is about.
pub fn alert(writer: &Writer, subject: String, text: String) -> Op {
    let (tenant, at) = (writer.tenant.clone(), writer.ambient.now());
    Op::RaiseAlert(AlertRaised { tenant, kind: ALERT.into(), subject, text, at })
}

struct Filler<'a> {
    writer: &'a Writer,
    filled: Filled,
}

impl Filler<'_> {
    /// The person's row of ours, and the record that is their home.
    async fn person(&mut self, person: &Person) -> Result<(), StoreError> {
        let (active, id) = (self.filled.active.clone(), person.id);
        if active.fills(Target::Person) {
            let fields = self.of_person(Target::Person, Moment::Update, person).await?;
            self.filled.persons.insert(id, fields);
        }
        let contact = person.contact.clone().map(|id| (Target::Contact, id));
        let home = contact.or_else(|| person.lead.clone().map(|id| (Target::Lead, id)));
        if let Some((target, record)) = home.filter(|(target, _)| active.updates(*target)) {
            let fields = self.of_person(target, Moment::Update, person).await?;
            let (object, bytes) = (Object::Person, *id.as_bytes());
            self.update(Update { target, record, fields, object, id: bytes, root: id });
        }
        Ok(())
    }

    async fn conversations(&mut self, rows: &[&Conversation]) -> Result<(), StoreError> {
        let active = self.filled.active.clone();
        let (own, cases) = (active.fills(Target::Conversation), active.updates(Target::Case));
        if !own && !cases {
            return Ok(());
        }
        let people = self.people(rows.iter().map(|c| c.person)).await?;
        for conversation in rows {
            let Some(person) = people.get(&conversation.person) else { continue };
            if own {
                let (target, moment) = (Target::Conversation, Moment::Update);
                let fields = self.of_conversation(target, moment, person, conversation).await?;
                self.filled.conversations.insert(conversation.id, fields);
            }
            if let Some(record) = conversation.case.clone().filter(|_| cases) {
                let (target, moment) = (Target::Case, Moment::Update);
                let fields = self.of_conversation(target, moment, person, conversation).await?;
                let (object, id) = (Object::Conversation, *conversation.id.as_bytes());
                self.update(Update { target, record, fields, object, id, root: person.id });
            }
        }
        Ok(())
    }

    async fn messages(&mut self, rows: &[&Message]) -> Result<(), StoreError> {
        if !self.filled.active.fills(Target::Message) {
            return Ok(());
        }
        let people = self.people(rows.iter().map(|m| m.person)).await?;
        let ids: BTreeSet<_> = rows.iter().map(|m| m.conversation).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let opened = self.writer.store.conversations(&self.writer.tenant, &ids).await?;
        for message in rows {
            let Some(person) = people.get(&message.person) else { continue };
            let conversation = opened.iter().find(|c| c.id == message.conversation);
            let (target, moment) = (Target::Message, Moment::Update);
            let fields = self.evaluate(target, moment, person, conversation, Some(message));
            self.filled.messages.insert(message.id, fields);
        }
        Ok(())
    }

    async fn people(
        &self,
        ids: impl Iterator<Item = PersonId>,
    ) -> Result<BTreeMap<PersonId, Person>, StoreError> {
        let ids: Vec<_> = ids.collect::<BTreeSet<_>>().into_iter().collect();
        let people = self.writer.store.persons(&self.writer.tenant, &ids).await?;
        Ok(people.into_iter().map(|person| (person.id, person)).collect())
    }

    /// Over the conversation of theirs that was opened first, when a record is
    /// made, and over the one that they last wrote in when one is updated.
    async fn of_person(
        &mut self,
        target: Target,
        moment: Moment,
        person: &Person,
    ) -> Result<Fields, StoreError> {
        if !self.filled.active.needs_thread(target) {
            return Ok(self.evaluate(target, moment, person, None, None));
        }
        let open = crate::writer::settle::open_conversations(self.writer, person.id).await?;
        let one = match moment {
            Moment::Create => open.into_iter().min_by_key(|c| (c.opened_at, c.id)),
            Moment::Update => open.into_iter().max_by_key(|c| (c.last_inbound_at, c.id)),
        };
        match one {
            Some(one) => self.of_conversation(target, moment, person, &one).await,
            None => Ok(self.evaluate(target, moment, person, None, None)),
        }
    }

    /// Over the customer's first message of it, or their newest.
    async fn of_conversation(
        &mut self,
        target: Target,
        moment: Moment,
        person: &Person,
        conversation: &Conversation,
    ) -> Result<Fields, StoreError> {
        let message = if self.filled.active.needs_thread(target) {
            let (store, tenant) = (&self.writer.store, &self.writer.tenant);
            let newest = moment == Moment::Update;
            store.inbound_end(tenant, conversation.id, newest).await?
        } else {
            None
        };
        Ok(self.evaluate(target, moment, person, Some(conversation), message.as_ref()))
    }

    fn evaluate(
        &mut self,
        target: Target,
        moment: Moment,
        person: &Person,
        conversation: Option<&Conversation>,
        message: Option<&Message>,
    ) -> Fields {
        let number = conversation.and_then(|c| self.writer.directory.number(&c.number));
        let facts = Facts {
            version: self.filled.active.version,
            settings: &self.writer.defaults,
            person,
            conversation,
            number,
            message,
        };
        let mapping = &self.filled.active.mapping;
        let (fields, missed) = rules::mapping::fill(mapping, target, moment, &source(&facts));
        self.filled.missed.extend(missed.into_iter().map(|m| (m.field, m.why)));
        fields
    }

    fn update(&mut self, update: Update) {
        if !update.fields.is_empty() {
            self.filled.updates.push(update);
        }
    }
}
