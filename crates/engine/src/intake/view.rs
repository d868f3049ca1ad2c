//! What is known about the people of a turn, kept exact while it is decided:
//! the second message of a new person finds the person the first one made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::ids::{LaneId, PersonId, PhoneNumberId, SurveyId, TenantId};
use store::op::{DayKey, HandleKind};
use store::{Conversation, Lane, Person, Store, StoreError, SurveyCase};

use crate::hours::Active;

pub type HandleHash = (HandleKind, [u8; 32]);

#[derive(Default)]
pub struct View {
    pub seen: BTreeSet<DayKey>,
    pub handles: BTreeMap<(TenantId, HandleHash), PersonId>,
    pub persons: BTreeMap<(TenantId, PersonId), Person>,
    pub lanes: BTreeMap<(TenantId, PhoneNumberId, PersonId), Lane>,
    pub open: BTreeMap<LaneId, Conversation>,
    /// Messages of ours by rendezvous key: an echo of one of them is no news.
    pub ours: BTreeSet<(TenantId, PhoneNumberId, [u8; 16])>,
    /// Questions about closed cases that the messages of the turn may answer.
    pub surveys: BTreeMap<(TenantId, SurveyId), SurveyCase>,
    /// When each tenant of the turn answers.
    pub hours: BTreeMap<TenantId, Arc<Active>>,
}

/// What a turn will ask the view about.
#[derive(Default)]
pub struct Wanted {
    pub keys: Vec<DayKey>,
    pub handles: BTreeMap<TenantId, BTreeSet<HandleHash>>,
    pub numbers: BTreeMap<TenantId, BTreeSet<PhoneNumberId>>,
    pub echoes: BTreeMap<TenantId, Vec<(PhoneNumberId, [u8; 16])>>,
    /// Named by the answers that were tapped.
    pub surveys: BTreeMap<TenantId, BTreeSet<SurveyId>>,
}

impl View {
    pub async fn load(store: &Store, wanted: Wanted) -> Result<Self, StoreError> {
        let mut view = Self::default();
        let seen = store.keys_seen(&wanted.keys).await?;
        view.seen = wanted.keys.iter().zip(seen).filter(|(_, s)| *s).map(|(k, _)| *k).collect();
        for (tenant, echoes) in wanted.echoes {
            for (number, key) in echoes {
                if store.message_by_state_key(&tenant, &number, &key).await?.is_some() {
                    view.ours.insert((tenant.clone(), number, key));
                }
            }
        }
        for (tenant, hashes) in wanted.handles {
            let hashes: Vec<_> = hashes.into_iter().collect();
            let numbers = wanted.numbers.get(&tenant).cloned().unwrap_or_default();
            view.load_tenant(store, &tenant, &hashes, &numbers).await?;
            let tapped = wanted.surveys.get(&tenant).cloned().unwrap_or_default();
            view.load_surveys(store, &tenant, tapped).await?;
        }
        Ok(view)
    }

    /// Those that were tapped, and the last that was asked on each lane.
    async fn load_surveys(
        &mut self,
        store: &Store,
        tenant: &TenantId,
        mut ids: BTreeSet<SurveyId>,
    ) -> Result<(), StoreError> {
        let lanes = self.lanes.iter().filter(|((of, ..), _)| of == tenant);
        ids.extend(lanes.filter_map(|(_, lane)| lane.survey));
        if ids.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = ids.into_iter().collect();
        for survey in store.surveys(tenant, &ids).await? {
            self.surveys.insert((tenant.clone(), survey.id), survey);
        }
        Ok(())
    }

    async fn load_tenant(
        &mut self,
        store: &Store,
        tenant: &TenantId,
        hashes: &[HandleHash],
        numbers: &BTreeSet<PhoneNumberId>,
    ) -> Result<(), StoreError> {
        let mut people = BTreeSet::new();
        for handle in store.handles(tenant, hashes).await? {
            people.insert(handle.person);
            self.handles.insert((tenant.clone(), (handle.kind, handle.hash)), handle.person);
        }
        let people: Vec<_> = people.into_iter().collect();
        for person in store.persons(tenant, &people).await? {
            self.persons.insert((tenant.clone(), person.id), person);
        }
        let pairs: Vec<_> =
            numbers.iter().flat_map(|n| people.iter().map(|p| (n.clone(), *p))).collect();
        let lanes = store.lanes(tenant, &pairs).await?;
        let ids: Vec<_> = lanes.iter().map(|lane| lane.id).collect();
        for lane in lanes {
            self.lanes.insert((tenant.clone(), lane.number.clone(), lane.person), lane);
        }
        for conversation in store.open_conversations(tenant, &ids).await? {
            self.open.insert(conversation.lane, conversation);
        }
        Ok(())
    }
}
