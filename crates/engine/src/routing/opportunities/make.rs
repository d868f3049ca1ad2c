//! Decided Opportunities made: each looked up by its create key, then created,
//! then linked.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::{CampaignId, ConversationId, PersonId, PhoneNumberId, RecordId};
use model::{Act, Fault, RetryPolicy, Scope, Stage, UnixMs};
use rules::routing::Touch;
use salesforce::{Clue, DuplicateRule, Record, RecordOutcome, Subrequest, soql};
use store::op::{ConversationLink, NewDeal, RecordStep, Want};
use store::{Commit, Object, Op, Person, RecordKind, RecordLink, RecordState, StoreError};

use super::{KEY, Opportunities};
use crate::routing::active::Active;
use crate::routing::plan::{Deal, Make, Plan};
use crate::routing::targets::{Targets, known};

const ROWS_MAX: usize = 2_000;
/// While a call is under way its creates are not due.
const IN_FLIGHT_MS: i64 = 300_000;
/// Whether the person is a Contact is not known yet.
const HOMELESS_MS: i64 = 5_000;
/// While an administrator must act.
const ASK_AGAIN_MS: i64 = 30_000;
const RETRY: RetryPolicy = RetryPolicy { first_ms: 1_000, max_ms: 600_000, attempts_max: 20 };

/// One that is to be made.
struct Wish {
    link: RecordLink,
    person: Person,
    number: PhoneNumberId,
    /// In Salesforce, when it is owed to one that is shown there.
    campaign: Option<RecordId>,
    deal: Deal,
}

impl Opportunities {
    /// The inner error is the org's.
    pub(super) async fn make(&self, active: &Active) -> Result<Result<(), Fault>, StoreError> {
        let now = self.org.ambient.now();
        let rows_max = self.tempo.lock().rows_max;
        let due = self.store.opportunity_links_due(&self.tenant, now, rows_max).await?;
        let (wishes, ops) = self.sorted(due).await?;
        if !ops.is_empty() {
            self.commit(ops).await?;
        }
        if wishes.is_empty() {
            return Ok(Ok(()));
        }
        let found = match self.look_up(&wishes).await {
            Ok(found) => found,
            Err(fault) => return Ok(Err(fault)),
        };
        let mut there = Vec::new();
        let mut missing = Vec::new();
        for wish in wishes {
            match found.get(&key(&wish.link)) {
                Some(record) => there.extend(self.linked(&wish, record)),
                None => missing.push(wish),
            }
        }
        if !there.is_empty() {
            self.commit(there).await?;
            self.nudges.writer.wake();
        }
        if missing.is_empty() {
            return Ok(Ok(()));
        }
        let targets = match self.targets(active, &missing).await {
            Ok(targets) => targets,
            Err(fault) => return Ok(Err(fault)),
        };
        self.create(missing, &targets).await
    }

    /// Who is no Contact gets none; of whom that is not known yet it waits.
    async fn sorted(&self, due: Vec<RecordLink>) -> Result<(Vec<Wish>, Vec<Op>), StoreError> {
        let people: Vec<_> = due.iter().map(|link| link.person).collect();
        let persons: BTreeMap<PersonId, Person> = self
            .store
            .persons(&self.tenant, &people)
            .await?
            .into_iter()
            .map(|person| (person.id, person))
            .collect();
        let ids: Vec<_> = due.iter().map(|link| ConversationId::from_bytes(link.slot)).collect();
        let numbers: BTreeMap<_, _> = self
            .store
            .conversations(&self.tenant, &ids)
            .await?
            .into_iter()
            .map(|conversation| (*conversation.id.as_bytes(), conversation.number))
            .collect();
        let (mut wishes, mut ops) = (Vec::new(), Vec::new());
        for link in due {
            let plan = Plan::kept(link.plan.as_deref());
            let number = numbers.get(&link.slot).cloned();
            let (Some(person), Some(number), Some(plan)) =
                (persons.get(&link.person), number, plan)
            else {
                ops.push(Op::RecordStep(self.step(&link, RecordState::Declined)));
                continue;
            };
            let Make::Opportunity(deal) = plan.make.clone() else {
                ops.push(Op::RecordStep(self.step(&link, RecordState::Declined)));
                continue;
            };
            if person.contact.is_some() {
                let campaign = self.campaign(deal.touch.as_deref()).await?;
                wishes.push(Wish { link, person: person.clone(), number, campaign, deal });
            } else if person.lead.is_none() && self.is_homeless(link.person).await? {
                let due_at = self.org.ambient.now().plus(HOMELESS_MS);
                let step = self.step(&link, link.state);
                ops.push(Op::RecordStep(RecordStep { due_at, ..step }));
            } else {
                let why = "the person is no Contact".to_owned();
                let plan = Plan { why, make: Make::Nothing, ..plan };
                let step = self.step(&link, RecordState::Declined);
                ops.push(Op::RecordStep(RecordStep { plan: plan.text(), ..step }));
            }
        }
        Ok((wishes, ops))
    }

    async fn campaign(&self, touch: Option<&str>) -> Result<Option<RecordId>, StoreError> {
        let Some(Touch::Campaign(id)) = touch.and_then(Touch::parse) else { return Ok(None) };
        let Some(id) = CampaignId::parse(&id) else { return Ok(None) };
        let campaign = self.store.campaign(&self.tenant, id).await?;
        Ok(campaign.and_then(|campaign| campaign.shown_in))
    }

    async fn is_homeless(&self, person: PersonId) -> Result<bool, StoreError> {
        let (kind, slot) = (RecordKind::Lead, person.as_bytes());
        let home = self.store.record_link_by_slot(&self.tenant, kind, slot).await?;
        let pending = [RecordState::Wanted, RecordState::Absent, RecordState::Creating];
        Ok(home.is_some_and(|link| pending.contains(&link.state)))
    }

    /// By create key: made before, and the answer was lost.
    async fn look_up(&self, wishes: &[Wish]) -> Result<BTreeMap<String, RecordId>, Fault> {
        let keys: Vec<_> = wishes.iter().map(|wish| key(&wish.link)).collect();
        let field = self.org.client.names().field(KEY);
        let mut found = BTreeMap::new();
        for list in soql::lists(&keys, soql::LIST_BYTES_MAX) {
            let query = format!("SELECT Id, {field} FROM Opportunity WHERE {field} IN {list}");
            let page = self.org.call(self.org.client.query(&query, ROWS_MAX)).await?;
            for row in page.rows {
                if let (Some(id), Some(key)) = (row.id(), row.text(KEY)) {
                    found.insert(key.to_owned(), id);
                }
            }
        }
        Ok(found)
    }

    /// Ids that the places name, asked for where they are not known yet.
    async fn targets(&self, active: &Active, wishes: &[Wish]) -> Result<Arc<Targets>, Fault> {
        if wishes.iter().all(|wish| wish.deal.place.is_plain()) {
            return Ok(Arc::default());
        }
        if let Some(known) = known(&self.targets, active) {
            return Ok(known);
        }
        let asked = Arc::new(self.org.call(Targets::ask(&self.org.client)).await?);
        *self.targets.lock() = Some((active.version, asked.clone()));
        Ok(asked)
    }

    async fn create(
        &self,
        wishes: Vec<Wish>,
        targets: &Targets,
    ) -> Result<Result<(), Fault>, StoreError> {
        let now = self.org.ambient.now();
        // a create that is called may exist from now on: its key is looked up first
        let begin = wishes.iter().map(|wish| {
            let step = self.step(&wish.link, RecordState::Creating);
            let due_at = now.plus(IN_FLIGHT_MS);
            Op::RecordStep(RecordStep { due_at, charge: true, ..step })
        });
        self.commit(begin.collect()).await?;
        let records: Vec<_> = wishes.iter().map(|wish| self.record(wish, targets)).collect();
        let rule = DuplicateRule::Obey;
        let answer = match Subrequest::create_all("opportunities", &records, rule) {
            Ok(request) => self.org.call(self.org.client.send(&request)).await,
            Err(fault) => Err(fault),
        };
        let (mut ops, mut failed) = (Vec::new(), Ok(()));
        match answer {
            Ok(answer) => {
                let outcomes = answer.outcomes();
                let is_batch = outcomes.len() > 1;
                for (wish, outcome) in wishes.iter().zip(outcomes) {
                    ops.extend(self.settled(wish, outcome, is_batch));
                }
            }
            Err(fault) => {
                let state = match fault.stage {
                    Stage::Unknown => RecordState::Creating,
                    Stage::NotSent | Stage::Answered | Stage::SentNotRecorded => {
                        RecordState::Absent
                    }
                };
                ops.extend(wishes.iter().map(|wish| {
                    let due_at = self.org.ambient.now();
                    Op::RecordStep(RecordStep { due_at, ..self.step(&wish.link, state) })
                }));
                failed = Err(fault);
            }
        }
        self.commit(ops).await?;
        self.nudges.writer.wake();
        Ok(failed)
    }

    fn record(&self, wish: &Wish, targets: &Targets) -> Record {
        let Wish { link, person, campaign, deal, .. } = wish;
        let (owner, record_type) = targets.of(&deal.place, "Opportunity");
        let id = |id: &Option<RecordId>| id.as_ref().map(|id| id.as_str().to_owned());
        Record::new(self.org.client.names(), "Opportunity")
            .set(KEY, key(link))
            .set("Name", deal.name.clone())
            .set("StageName", deal.stage.clone())
            .set("CloseDate", deal.close_on.clone())
            .set_some("ContactId", id(&person.contact))
            .set_some("AccountId", id(&person.account))
            .set_some("CampaignId", id(campaign))
            .set_some("OwnerId", owner)
            .set_some("RecordTypeId", record_type)
    }

    /// In a batch that was too large a refusal says nothing about one record.
    fn settled(&self, wish: &Wish, outcome: RecordOutcome, is_batch: bool) -> Vec<Op> {
        let link = &wish.link;
        let refusal = match outcome {
            RecordOutcome::Written { id, .. } => return self.linked(wish, &id),
            RecordOutcome::Halted => {
                return vec![Op::RecordStep(self.step(link, RecordState::Absent))];
            }
            RecordOutcome::Refused(refusal) => refusal,
        };
        if let Clue::Exists(id) = &refusal.clue {
            return self.linked(wish, id);
        }
        if is_batch && refusal.clue == Clue::SmallerBatch {
            self.tempo.lock().rows_max = 1;
            return vec![Op::RecordStep(self.step(link, RecordState::Absent))];
        }
        let fault = &refusal.fault;
        let wait = self.wait(fault, link.attempts + 1);
        let state = match (wait, fault.stage) {
            (None, _) => RecordState::Aside,
            (Some(_), Stage::Unknown) => RecordState::Creating,
            (Some(_), _) => RecordState::Absent,
        };
        vec![Op::RecordStep(RecordStep {
            due_at: self.org.ambient.now().plus(wait.unwrap_or(0)),
            code: Some(fault.code.to_string()),
            detail: Some(fault.detail.clone()),
            ..self.step(link, state)
        })]
    }

    fn wait(&self, fault: &Fault, attempts: u32) -> Option<i64> {
        let chance = &*self.org.ambient.chance;
        match (fault.stage, fault.act) {
            (Stage::Unknown, _) => RETRY.delay(attempts, None, chance),
            (_, Act::Retry { after }) => {
                RETRY.delay(attempts, after.map(|after| after.as_millis() as i64), chance)
            }
            (_, Act::Ask | Act::Renew) if fault.scope >= Scope::Account => Some(ASK_AGAIN_MS),
            (_, Act::Ask | Act::Renew | Act::Reject) => None,
        }
    }

    /// The conversation shows it, and what becomes of it is looked at from now on.
    fn linked(&self, wish: &Wish, record: &RecordId) -> Vec<Op> {
        let (link, tenant, now) = (&wish.link, self.tenant.clone(), self.org.ambient.now());
        let id = ConversationId::from_bytes(link.slot);
        let opportunity = Some(record.clone());
        let step = self.step(link, RecordState::Linked);
        let (object, root) = (Object::Conversation, link.person);
        vec![
            Op::LinkConversation(ConversationLink {
                tenant: tenant.clone(),
                id,
                case: None,
                opportunity,
            }),
            Op::RecordStep(RecordStep { record: Some(record.clone()), ..step }),
            Op::NewDeal(NewDeal {
                tenant: tenant.clone(),
                conversation: id,
                record: record.clone(),
                person: link.person,
                number: wish.number.clone(),
                at: now,
                touch: wish.deal.touch.clone(),
            }),
            Op::Want(Want { tenant, object, id: link.slot, root, due_at: now }),
        ]
    }

    fn step(&self, link: &RecordLink, state: RecordState) -> RecordStep {
        let at: UnixMs = self.org.ambient.now();
        RecordStep {
            tenant: self.tenant.clone(),
            person: link.person,
            kind: link.kind,
            slot: link.slot,
            state,
            record: None,
            due_at: at,
            charge: false,
            code: None,
            detail: None,
            plan: None,
            at,
        }
    }

    async fn commit(&self, ops: Vec<Op>) -> Result<(), StoreError> {
        let fence = self.lease.hold().await?.ok_or(StoreError::Fenced)?;
        self.store.commit(Commit::fenced(fence, ops)).await.map(drop)
    }
}

fn key(link: &RecordLink) -> String {
    ConversationId::from_bytes(link.slot).to_string()
}
