//! Record links by what they need next.

use std::collections::BTreeMap;

use model::ids::PersonId;
use store::{Person, RecordKind, RecordLink, RecordState};

use crate::routing::{Make, Place, Plan};

/// Persons looked up in one call: bounds the length of the queries.
const LOOKUPS_MAX: usize = 20;
/// Newcomers of a wave who become Contacts: each takes a call.
const CONTACTS_MAX: usize = 5;

/// Within the parts of a call that are left: three go to the upserts, two to
/// these.
pub(super) struct Links {
    pub(super) find_homes: Vec<RecordLink>,
    pub(super) find_cases: Vec<RecordLink>,
    pub(super) make_leads: Vec<RecordLink>,
    pub(super) make_contacts: Vec<RecordLink>,
    pub(super) make_cases: Vec<RecordLink>,
    pub(super) reopen_cases: Vec<RecordLink>,
}

impl Links {
    pub(super) fn sort(due: Vec<RecordLink>, rows_max: usize) -> Self {
        let of = |kind: RecordKind, states: &[RecordState], max: usize| {
            let fits = |l: &&RecordLink| l.kind == kind && states.contains(&l.state);
            due.iter().filter(fits).take(max).cloned().collect::<Vec<_>>()
        };
        let unknown = [RecordState::Wanted, RecordState::Creating];
        let lookups = LOOKUPS_MAX.min(rows_max);
        let homes = of(RecordKind::Lead, &[RecordState::Absent], rows_max);
        let (mut contacts, leads): (Vec<_>, Vec<_>) =
            homes.into_iter().partition(|link| matches!(made(link), Some(Make::Contact { .. })));
        contacts.truncate(CONTACTS_MAX);
        let cases = of(RecordKind::Case, &[RecordState::Absent], rows_max);
        let (reopen_cases, make_cases): (Vec<_>, Vec<_>) =
            cases.into_iter().partition(|link| matches!(made(link), Some(Make::Reopen { .. })));
        let mut links = Self {
            make_leads: alike(leads),
            make_contacts: contacts,
            make_cases: alike(make_cases),
            reopen_cases,
            find_homes: of(RecordKind::Lead, &unknown, lookups),
            find_cases: of(RecordKind::Case, &unknown, lookups),
        };
        // finding homes takes two queries, the others one part each
        let writes = [&links.make_leads, &links.make_cases, &links.reopen_cases];
        let mut parts = writes.into_iter().filter(|list| !list.is_empty()).count();
        if parts > 2 {
            links.reopen_cases.clear();
            parts = 2;
        }
        if parts > 0 {
            links.find_homes.clear();
        }
        if parts > 1 || !links.find_homes.is_empty() {
            links.find_cases.clear();
        }
        links
    }

    pub(super) fn people(&self) -> impl Iterator<Item = PersonId> + '_ {
        [
            &self.find_homes,
            &self.find_cases,
            &self.make_leads,
            &self.make_contacts,
            &self.make_cases,
            &self.reopen_cases,
        ]
        .into_iter()
        .flatten()
        .map(|l| l.person)
    }

    pub(super) fn with_person(
        &mut self,
        persons: &BTreeMap<PersonId, Person>,
        take: fn(&mut Self) -> Vec<RecordLink>,
    ) -> Vec<(RecordLink, Person)> {
        let links = take(self).into_iter();
        links.filter_map(|l| Some((l.clone(), persons.get(&l.person)?.clone()))).collect()
    }
}

fn made(link: &RecordLink) -> Option<Make> {
    Plan::kept(link.plan.as_deref()).map(|plan| plan.make)
}

/// One call has one assignment rule for its Leads, and one for its Cases: those
/// of another come with the next wave.
fn alike(links: Vec<RecordLink>) -> Vec<RecordLink> {
    let first = links.first().and_then(|link| place(link).assign);
    links.into_iter().filter(|link| place(link).assign == first).collect()
}

/// Where the rules want a new record of this link.
pub fn place(link: &RecordLink) -> Place {
    match made(link) {
        Some(Make::Lead(place) | Make::Case(place) | Make::Contact { place, .. }) => place,
        Some(Make::Opportunity(deal)) => deal.place,
        Some(Make::Nothing | Make::Take | Make::Reopen { .. }) | None => Place::default(),
    }
}
