//! Decide over a group of journal rows and commit the outcome in one.

use bytes::Bytes;
use model::ids::{MessageId, PersonId};
use store::op::{ItemState, NewItem};
use store::{Commit, Fence, JournalEntry, Op, StoreError};
use whatsapp::wire::webhook::ItemBody;

use super::claim::Intake;
use super::split::{self, Owner, Work, works};
use super::view::{View, Wanted};
use crate::directory::Number;
use crate::inbound::{self, Arrival, Door};
use crate::{consent, status, survey, templates};

impl Intake {
    pub(super) async fn settle(
        &self,
        fence: &Fence,
        rows: &[JournalEntry],
    ) -> Result<(), StoreError> {
        let parsed: Vec<_> =
            rows.iter().map(|row| (row, works(&self.store, &self.directory, row))).collect();
        let all = || parsed.iter().filter_map(|(_, works)| works.as_ref().ok()).flatten();
        let wanted = self.wanted(all());
        let tenants = wanted.handles.keys().cloned().collect();
        let mut view = View::load(&self.store, wanted).await?;
        view.hours = self.hours.of_all(tenants).await?;
        let mut ops = Vec::new();
        for (row, works) in &parsed {
            match works {
                Ok(works) => {
                    for work in works {
                        self.one(&mut view, work, row, &mut ops);
                    }
                    ops.push(Op::JournalDone { seq: row.seq, at: self.ambient.now() });
                }
                Err(reason) => {
                    tracing::warn!(seq = row.seq, %reason, "a body cannot be read");
                    let code = "puente.not_json".into();
                    ops.push(Op::JournalAside { seq: row.seq, at: self.ambient.now(), code });
                }
            }
        }
        self.store.commit(Commit::fenced(fence.clone(), ops)).await?;
        self.nudges.writer.wake();
        self.nudges.outbound.wake();
        self.nudges.media.wake();
        self.nudges.templates.wake();
        Ok(())
    }

    fn wanted<'a>(&self, works: impl Iterator<Item = &'a Work>) -> Wanted {
        let mut wanted = Wanted::default();
        for work in works {
            wanted.keys.push(work.key);
            let Owner::Number(number) = &work.owner else {
                continue;
            };
            let message = match &work.item.body {
                ItemBody::Message(message) | ItemBody::Echo(message) => message,
                ItemBody::Preference(said) => {
                    let hashes =
                        split::handles(&self.store, number, &split::party(&work.item, &said.user));
                    wanted.handles.entry(number.tenant.clone()).or_default().extend(hashes);
                    continue;
                }
                _ => continue,
            };
            let echo = matches!(work.item.body, ItemBody::Echo(_));
            let sender = split::sender(&work.item, message, echo);
            let tenant = number.tenant.clone();
            let handles = wanted.handles.entry(tenant.clone()).or_default();
            handles.extend(split::handles(&self.store, number, &sender));
            wanted.numbers.entry(tenant.clone()).or_default().insert(number.id.clone());
            if let Some(survey) = survey::tapped(message) {
                wanted.surveys.entry(tenant.clone()).or_default().insert(survey);
            }
            if echo {
                let wamid = message.wamid.as_str();
                let key = split::state_key(&self.store, &tenant, &number.id, wamid);
                wanted.echoes.entry(tenant).or_default().push((number.id.clone(), key));
            }
        }
        wanted
    }

    /// One item: skipped when its key was seen, else its row and effects.
    fn one(&self, view: &mut View, work: &Work, row: &JournalEntry, ops: &mut Vec<Op>) {
        if !view.seen.insert(work.key) {
            return;
        }
        let outcome = match &work.owner {
            Owner::Nobody => Outcome::kept(work, ItemState::Unclaimed),
            Owner::Tenant(_) | Owner::Number(_) => self.of_ours(view, work, ops),
        };
        ops.push(Op::Item(NewItem {
            tenant: work.owner.tenant().cloned(),
            app: row.app.clone(),
            journal: work.journal,
            ordinal: work.item.ordinal,
            kind: kind(work),
            number: work.item.phone_number_id.clone(),
            key: work.key,
            state: outcome.state,
            at: self.ambient.now(),
            person: outcome.person,
            message: outcome.message,
            raw: outcome.raw,
            envelope: outcome.envelope,
            effects: outcome.effects,
        }));
    }

    fn of_ours(&self, view: &mut View, work: &Work, ops: &mut Vec<Op>) -> Outcome {
        let told = work.owner.tenant();
        let told = told.and_then(|t| templates::told(t, &work.item, work.received_at));
        if let Some(told) = told {
            let effects = vec![Op::TemplateTold(told)];
            return Outcome { effects, ..Outcome::kept(work, ItemState::Done) };
        }
        let Owner::Number(number) = &work.owner else {
            return Outcome::kept(work, ItemState::Done);
        };
        match &work.item.body {
            ItemBody::Message(message) | ItemBody::Echo(message) => {
                self.pace.received(&number.id, self.ambient.clock.mono());
                let arrival = Arrival {
                    door: self.door(number, work),
                    message,
                    echo: matches!(work.item.body, ItemBody::Echo(_)),
                };
                match inbound::register(view, &arrival) {
                    Ok(done) => {
                        // people and lanes stand even when the item is a repeat
                        ops.extend(done.people);
                        Outcome {
                            state: ItemState::Done,
                            person: Some(done.person),
                            message: done.message,
                            raw: None,
                            envelope: None,
                            effects: done.effects,
                        }
                    }
                    Err(reason) => aside(work, "puente.no_sender", reason),
                }
            }
            ItemBody::Status(seen) => {
                let effects = status::register(self, number, seen);
                Outcome { effects, ..Outcome::done() }
            }
            ItemBody::Preference(said) => {
                match consent::preference(view, &self.door(number, work), said) {
                    Ok((person, people, effects)) => {
                        ops.extend(people);
                        let person = Some(person);
                        Outcome { person, effects, ..Outcome::kept(work, ItemState::Done) }
                    }
                    Err(reason) => aside(work, "puente.no_sender", reason),
                }
            }
            ItemBody::Broken(reason) => aside(work, "puente.broken_item", reason),
            // kept whole and registered; the rooms that act on them read them here
            ItemBody::UserIdUpdate(_)
            | ItemBody::Error(_)
            | ItemBody::History(_)
            | ItemBody::Other => Outcome::kept(work, ItemState::Done),
        }
    }
}

impl Intake {
    fn door<'a>(&'a self, number: &'a Number, work: &'a Work) -> Door<'a> {
        Door {
            store: &self.store,
            ambient: &self.ambient,
            number,
            settings: self.directory.consent(&number.tenant),
            journal: work.journal,
            received_at: work.received_at,
            item: &work.item,
        }
    }
}

struct Outcome {
    state: ItemState,
    person: Option<PersonId>,
    message: Option<MessageId>,
    raw: Option<Bytes>,
    envelope: Option<Bytes>,
    effects: Vec<Op>,
}

impl Outcome {
    fn done() -> Self {
        let (state, effects) = (ItemState::Done, Vec::new());
        Self { state, person: None, message: None, raw: None, envelope: None, effects }
    }

    /// The fragment itself is kept: no other row holds it. What is left for a
    /// person is kept so that it can be taken in anew.
    fn kept(work: &Work, state: ItemState) -> Self {
        let raw = Some(Bytes::copy_from_slice(work.item.raw.get().as_bytes()));
        let left = state != ItemState::Done;
        let envelope = left.then(|| work.item.alone()).flatten().map(Bytes::from);
        Self { state, raw, envelope, ..Self::done() }
    }
}

fn aside(work: &Work, code: &str, detail: &str) -> Outcome {
    Outcome::kept(work, ItemState::Aside { code: code.into(), detail: detail.into() })
}

fn kind(work: &Work) -> String {
    match &work.item.body {
        ItemBody::Message(_) => "message".into(),
        ItemBody::Echo(_) => "echo".into(),
        ItemBody::Status(_) => "status".into(),
        _ => work.item.field.clone(),
    }
}
