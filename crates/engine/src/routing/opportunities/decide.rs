//! Which messages ask for an Opportunity: each is looked at once.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use model::UnixMs;
use model::ids::PersonId;
use rules::campaign::ANSWERS_MS;
use rules::routing::{
    Attribution, Facts, Known, OpportunityRule, Touch, Verdict, attribute, opportunity,
};
use store::op::{Attributed, CursorRow, NewRecordLink, RecordStep};
use store::{Commit, Conversation, Document, Message, Op, RecordKind, RecordState, StoreError};

use super::Opportunities;
use crate::hours;
use crate::routing::active::Active;
use crate::routing::heard::Heard;
use crate::routing::plan::{Deal, Make, Place, Plan};

const CURSOR: &str = "routing.opportunities";
/// Events that are read in one commit.
const EVENTS_MAX: u32 = 200;

impl Opportunities {
    /// What customers wrote since the rules are there.
    pub(super) async fn decide(&self, active: &Active) -> Result<(), StoreError> {
        let (oldest, newest) = self.store.feed_bounds(&self.tenant).await?;
        let mut read = match self.read_until().await? {
            Some(read) => read,
            // what was written since the rules are there
            None => {
                let used = self.store.active_version(&self.tenant, Document::Routing).await?;
                let since = used.map_or(self.org.ambient.now(), |used| used.at);
                self.store.feed_before(&self.tenant, since).await?.unwrap_or(oldest - 1)
            }
        };
        // events are kept for days: a longer rest was nobody's conversation any more
        read = read.clamp(oldest - 1, newest);
        loop {
            let events = self.store.feed_after(&self.tenant, read, EVENTS_MAX).await?;
            let Some(last) = events.last() else {
                return match self.read_until().await? {
                    None => self.keep(Vec::new(), read).await,
                    Some(_) => Ok(()),
                };
            };
            read = last.seq;
            let inbound = events.iter().filter(|event| event.kind == "message.in");
            let ids: Vec<_> = inbound.map(|event| event.message).collect();
            let messages = self.store.messages(&self.tenant, &ids).await?;
            let ops = self.decided(active, messages).await?;
            self.keep(ops, read).await?;
        }
    }

    /// Without rules nothing is read, and who writes a rule begins with what comes
    /// then.
    pub(super) async fn forget(&self) -> Result<(), StoreError> {
        match self.read_until().await? {
            Some(read) if read != FORGOTTEN && self.lease.hold().await?.is_some() => {
                self.keep(Vec::new(), FORGOTTEN).await
            }
            _ => Ok(()),
        }
    }

    async fn decided(
        &self,
        active: &Active,
        messages: Vec<Message>,
    ) -> Result<Vec<Op>, StoreError> {
        let ids: BTreeSet<_> = messages.iter().map(|message| message.conversation).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let conversations = self.store.conversations(&self.tenant, &ids).await?;
        let hours = self.hours.active(&self.tenant).await?;
        let (mut ops, mut taken, mut owed) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
        for message in &messages {
            let conversation = conversations.iter().find(|one| one.id == message.conversation);
            let Some(conversation) = conversation else { continue };
            let all = Heard::all(std::slice::from_ref(message));
            // what answers a survey asks for nothing
            let Some(heard) = all.first().filter(|heard| !heard.is_answer()) else { continue };
            // whether they are a Contact is known when it is made
            let mut facts = heard.facts(Known::Contact, &[], &hours);
            let campaign = self.answered(message).await?;
            facts.campaign = campaign.as_deref();
            let touch = self.touched(&facts, message.person, &mut owed, &mut ops).await?;
            if taken.contains(&conversation.id) || self.has_one(conversation).await? {
                continue;
            }
            let verdict = opportunity(&active.routing, &facts);
            if let Some(rule) = verdict.act {
                let plan = self.plan(active, &hours, &verdict, (rule, touch), message).await?;
                ops.extend(self.wanted(conversation, &plan));
                taken.insert(conversation.id);
            }
        }
        Ok(ops)
    }

    /// The campaign that the message may answer: the last that its person was sent.
    async fn answered(&self, message: &Message) -> Result<Option<String>, StoreError> {
        let (at, since) = (message.sent_at, message.sent_at.plus(-ANSWERS_MS));
        let (store, person) = (&self.store, message.person);
        let campaign = store.campaign_before(&self.tenant, person, since, at).await?;
        Ok(campaign.map(|id| id.to_string()))
    }

    /// To what the person's next sale is owed after this message. `owed`: as it
    /// stands after the messages before.
    async fn touched(
        &self,
        facts: &Facts<'_>,
        person: PersonId,
        owed: &mut BTreeMap<PersonId, (Option<Attribution>, Option<UnixMs>)>,
        ops: &mut Vec<Op>,
    ) -> Result<Option<String>, StoreError> {
        if let Entry::Vacant(free) = owed.entry(person) {
            let (kept, won) = self.store.attribution(&self.tenant, person).await?;
            let kept = kept.and_then(|kept| {
                Some(Attribution { touch: Touch::parse(&kept.touch)?, at: kept.at })
            });
            free.insert((kept, won));
        }
        let Some((kept, won)) = owed.get_mut(&person) else { return Ok(None) };
        let now = attribute(kept.clone(), *won, facts);
        if now != *kept
            && let Some(now) = &now
        {
            let (tenant, touch, at) = (self.tenant.clone(), now.touch.text(), now.at);
            ops.push(Op::Attribute(Attributed { tenant, person, touch, at }));
        }
        let text = now.as_ref().map(|now| now.touch.text());
        *kept = now;
        Ok(text)
    }

    /// Of the conversation; one that nothing was made of is decided anew.
    async fn has_one(&self, conversation: &Conversation) -> Result<bool, StoreError> {
        if conversation.opportunity.is_some() {
            return Ok(true);
        }
        let (kind, slot) = (RecordKind::Opportunity, conversation.id.as_bytes());
        let link = self.store.record_link_by_slot(&self.tenant, kind, slot).await?;
        Ok(link.is_some_and(|link| link.state != RecordState::Declined))
    }

    async fn plan(
        &self,
        active: &Active,
        hours: &hours::Active,
        verdict: &Verdict<'_, &OpportunityRule>,
        (rule, touch): (&OpportunityRule, Option<String>),
        message: &Message,
    ) -> Result<Plan, StoreError> {
        let person = self.store.persons(&self.tenant, &[message.person]).await?.pop();
        let shown = person.and_then(|person| person.profile.display_name);
        let zone = &hours.hours.time_zone;
        let named = verdict.rule.unwrap_or_default();
        let (name, close_on) = rule.fill(shown.as_deref(), named, message.sent_at, zone);
        let (stage, place) = (rule.stage.clone(), Place::of(&rule.placement));
        let deal = Deal { name, stage, close_on, place, touch };
        Ok(Plan::new(active.version, verdict, Make::Opportunity(deal)))
    }

    fn wanted(&self, conversation: &Conversation, plan: &Plan) -> [Op; 2] {
        let (tenant, at) = (self.tenant.clone(), self.org.ambient.now());
        let (person, kind) = (conversation.person, RecordKind::Opportunity);
        let slot = *conversation.id.as_bytes();
        let want = NewRecordLink {
            tenant: tenant.clone(),
            person,
            kind,
            slot,
            at,
            due_at: at,
            again: true,
        };
        let step = RecordStep {
            tenant,
            person,
            kind,
            slot,
            state: RecordState::Wanted,
            record: None,
            due_at: at,
            charge: false,
            code: None,
            detail: None,
            plan: plan.text(),
            at,
        };
        [Op::WantRecord(want), Op::RecordStep(step)]
    }

    /// `None`: nothing is read yet, or not any more.
    async fn read_until(&self) -> Result<Option<i64>, StoreError> {
        let kept = self.store.cursor(&self.tenant, CURSOR).await?;
        let read = kept.and_then(|value| value.try_into().ok()).map(i64::from_be_bytes);
        Ok(read.filter(|read| *read != FORGOTTEN))
    }

    async fn keep(&self, mut ops: Vec<Op>, read: i64) -> Result<(), StoreError> {
        let (tenant, name) = (self.tenant.clone(), CURSOR.to_owned());
        ops.push(Op::PutCursor(CursorRow { tenant, name, value: read.to_be_bytes().to_vec() }));
        let fence = self.lease.hold().await?.ok_or(StoreError::Fenced)?;
        self.store.commit(Commit::fenced(fence, ops)).await.map(drop)
    }
}

const FORGOTTEN: i64 = -1;
