//! A mapping tried on messages that came, beside the one in use. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use model::ids::{ConversationId, MessageId, PersonId, TenantId};
use rules::mapping::{Fields, Missed, Moment, Target};
use serde_json::Value;
use store::{Conversation, Message, Person, StoreError};

use super::active::Active;
use super::desk::{MappingDesk, Refused};
use super::source::{Facts, source};

pub const LAST_MAX: u32 = 5_000;
/// Read at a time.
const SLICE: usize = 200;
/// Of each field.
const EXAMPLES: usize = 3;

#[derive(Debug, Default)]
pub struct DryRun {
    pub messages: u64,
    pub differs: BTreeMap<String, Differs>,
    /// Values that do not fit, by field and why.
    pub missed: BTreeMap<(String, String), u64>,
}

/// One field: `Lead.Phone`.
#[derive(Debug, Default)]
pub struct Differs {
    pub messages: u64,
    pub examples: Vec<Example>,
}

#[derive(Debug)]
pub struct Example {
    pub message: MessageId,
    /// `None`: not written.
    pub before: Option<Value>,
    pub after: Option<Value>,
}

impl MappingDesk {
    /// As though each of the customers' last messages were the one that a Lead
    /// and a Case are made for, and that is written itself.
    pub async fn dry_run(
        &self,
        tenant: &TenantId,
        text: &str,
        last: u32,
    ) -> Result<DryRun, Refused> {
        let after = Self::candidate(text)?;
        let before = self.mappings.active(tenant).await?;
        let settings = self.defaults.get(tenant).cloned().unwrap_or_default();
        let mut run = DryRun::default();
        let store = &self.mappings.store;
        let ids = store.newest_inbound(tenant, last.min(LAST_MAX)).await?;
        for slice in ids.chunks(SLICE) {
            let messages = self.readable(tenant, slice).await?;
            let (people, opened) = self.around(tenant, &messages).await?;
            for message in &messages {
                let Some(person) = people.get(&message.person) else { continue };
                let conversation = opened.get(&message.conversation);
                let source = source(&Facts {
                    // of both: the number alone is no difference
                    version: before.version,
                    settings: &settings,
                    person,
                    conversation,
                    number: self.directory.number(&message.number),
                    message: Some(message),
                });
                run.add(message.id, &before, &after, &source);
            }
        }
        Ok(run)
    }

    /// What an erased person wrote can be read no more.
    async fn readable(
        &self,
        tenant: &TenantId,
        ids: &[MessageId],
    ) -> Result<Vec<Message>, StoreError> {
        let store = &self.mappings.store;
        match store.messages(tenant, ids).await {
            Err(StoreError::Sealed(_)) => {}
            read => return read,
        }
        let mut messages = Vec::new();
        for id in ids {
            match store.messages(tenant, &[*id]).await {
                Ok(read) => messages.extend(read),
                Err(StoreError::Sealed(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(messages)
    }

    async fn around(
        &self,
        tenant: &TenantId,
        messages: &[Message],
    ) -> Result<(BTreeMap<PersonId, Person>, BTreeMap<ConversationId, Conversation>), StoreError>
    {
        let store = &self.mappings.store;
        let people: BTreeSet<_> = messages.iter().map(|m| m.person).collect();
        let people: Vec<_> = people.into_iter().collect();
        let opened: BTreeSet<_> = messages.iter().map(|m| m.conversation).collect();
        let opened: Vec<_> = opened.into_iter().collect();
        let people = store.persons(tenant, &people).await?;
        let opened = store.conversations(tenant, &opened).await?;
        Ok((
            people.into_iter().map(|p| (p.id, p)).collect(),
            opened.into_iter().map(|c| (c.id, c)).collect(),
        ))
    }
}

impl DryRun {
    fn add(&mut self, id: MessageId, before: &Active, after: &Active, source: &Value) {
        self.messages += 1;
        for target in Target::ALL {
            for moment in [Moment::Create, Moment::Update] {
                // what is made and what is changed later may be by the same entries
                if moment == Moment::Create && target.is_ours() {
                    continue;
                }
                let (old, _) = rules::mapping::fill(&before.mapping, target, moment, source);
                let (new, missed) = rules::mapping::fill(&after.mapping, target, moment, source);
                self.miss(missed);
                self.compare(id, target, moment, &old, &new);
            }
        }
    }

    fn miss(&mut self, missed: Vec<Missed>) {
        for one in missed {
            *self.missed.entry((one.field, one.why)).or_default() += 1;
        }
    }

    fn compare(
        &mut self,
        message: MessageId,
        target: Target,
        moment: Moment,
        old: &Fields,
        new: &Fields,
    ) {
        let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        for name in names {
            let (before, after) = (old.get(name), new.get(name));
            if before == after {
                continue;
            }
            let later =
                if moment == Moment::Update && !target.is_ours() { " (update)" } else { "" };
            let differs = self.differs.entry(format!("{target}.{name}{later}")).or_default();
            differs.messages += 1;
            if differs.examples.len() < EXAMPLES {
                let (before, after) = (before.cloned(), after.cloned());
                differs.examples.push(Example { message, before, after });
            }
        }
    }
}
