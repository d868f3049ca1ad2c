//! What a write locks, and how due work is shared out so that no two calls
//! lock the same.
//!
//! A message locks its conversation, a Case its Contact's Account. One call at
//! a time holds a root, so calls under way never wait for one another.

use std::collections::{BTreeMap, BTreeSet};

use model::Urgency;
use model::ids::{PersonId, RecordId};
use store::{Object, RecordLink, SyncRow};

/// The Account where one is known, else the person: both are above everything
/// that is written for somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    Account(RecordId),
    Person(PersonId),
}

impl Root {
    pub fn of(person: PersonId, accounts: &BTreeMap<PersonId, RecordId>) -> Self {
        accounts.get(&person).cloned().map_or(Self::Person(person), Self::Account)
    }
}

impl std::fmt::Display for Root {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(id) => id.fmt(f),
            Self::Person(id) => id.fmt(f),
        }
    }
}

/// Work of one call: whole roots.
#[derive(Debug, Default)]
pub struct Load {
    pub roots: BTreeSet<Root>,
    pub rows: Vec<SyncRow>,
    pub links: Vec<RecordLink>,
}

impl Load {
    fn rows_of(&self, object: Object) -> usize {
        self.rows.iter().filter(|row| row.object == object).count()
    }

    /// Of the most urgent that is in it.
    pub fn urgency(&self) -> Urgency {
        let rows = self.rows.iter().map(|row| row.urgency);
        rows.chain(self.links.iter().map(|l| l.urgency)).min().unwrap_or(Urgency::Status)
    }

    /// Half of what a call may have: more would gain little.
    pub fn is_full(&self, rows_max: usize) -> bool {
        Object::ALL.iter().any(|object| 2 * self.rows_of(*object) >= rows_max)
    }

    /// Both together stay within `rows_max` rows of each object.
    fn has_room_for(&self, more: &Self, rows_max: usize) -> bool {
        Object::ALL.iter().all(|o| self.rows_of(*o) + more.rows_of(*o) <= rows_max)
    }

    fn add(&mut self, more: Self) {
        self.roots.extend(more.roots);
        self.rows.extend(more.rows);
        self.links.extend(more.links);
    }
}

/// At most `free` loads of roots that are not `held`, in the order of the rows.
/// A load is filled before the next is begun: a full call costs no more than
/// an empty one. A root with more than fits has a load for itself.
pub fn share(
    rows: Vec<SyncRow>,
    links: Vec<RecordLink>,
    accounts: &BTreeMap<PersonId, RecordId>,
    held: &BTreeSet<Root>,
    free: usize,
    rows_max: usize,
) -> Vec<Load> {
    let mut loads: Vec<Load> = Vec::new();
    for group in groups(rows, links, accounts) {
        if !group.roots.is_disjoint(held) {
            continue;
        }
        match loads.iter().position(|load| load.has_room_for(&group, rows_max)) {
            Some(at) => loads[at].add(group),
            None if loads.len() < free => loads.push(group),
            None => {}
        }
    }
    loads
}

/// One load for each root, in the order in which the roots first come.
fn groups(
    rows: Vec<SyncRow>,
    links: Vec<RecordLink>,
    accounts: &BTreeMap<PersonId, RecordId>,
) -> Vec<Load> {
    let mut groups: Vec<Load> = Vec::new();
    let mut places: BTreeMap<Root, usize> = BTreeMap::new();
    let mut place = |groups: &mut Vec<Load>, person: PersonId| {
        let root = Root::of(person, accounts);
        *places.entry(root.clone()).or_insert_with(|| {
            groups.push(Load { roots: BTreeSet::from([root]), ..Load::default() });
            groups.len() - 1
        })
    };
    for row in rows {
        let at = place(&mut groups, row.root);
        groups[at].rows.push(row);
    }
    for link in links {
        let at = place(&mut groups, link.person);
        groups[at].links.push(link);
    }
    groups
}

#[cfg(test)]
mod tests {
    use model::UnixMs;
    use proptest::prelude::*;

    use super::*;

    fn row(person: u8, object: Object, n: u8) -> SyncRow {
        let at = UnixMs(0);
        SyncRow {
            urgency: Urgency::Live,
            object,
            id: [n; 16],
            root: PersonId::from_bytes([person; 16]),
            wanted: 1,
            sent: 0,
            done: 0,
            attempts: 0,
            due_at: at,
            aside: false,
            aside_at: None,
            code: None,
            detail: None,
            record: None,
            first_wanted_at: at,
            last_sent_at: None,
            last_done_at: None,
        }
    }

    /// Persons 0 to 4 work at two Accounts, the others at none that is known.
    fn accounts() -> BTreeMap<PersonId, RecordId> {
        let account = |n: u8| RecordId::new(format!("00100000000000{}AAA", n % 2));
        (0..5).map(|n| (PersonId::from_bytes([n; 16]), account(n))).collect()
    }

    fn root(person: PersonId) -> Root {
        Root::of(person, &accounts())
    }

    proptest! {
        #[test]
        fn no_root_is_in_two_calls(
            due in proptest::collection::vec((0..20u8, 0..3usize, any::<u8>()), 0..200),
            held in proptest::collection::btree_set(0..20u8, 0..5),
            free in 0..5usize,
            rows_max in 1..40usize,
        ) {
            let rows: Vec<_> = due.iter().map(|(p, o, n)| row(*p, Object::ALL[*o], *n)).collect();
            let held: BTreeSet<_> =
                held.into_iter().map(|p: u8| root(PersonId::from_bytes([p; 16]))).collect();
            let loads = share(rows.clone(), Vec::new(), &accounts(), &held, free, rows_max);
            prop_assert!(loads.len() <= free);
            let mut seen = held.clone();
            for load in &loads {
                for root in &load.roots {
                    prop_assert!(seen.insert(root.clone()), "{root:?} is held twice");
                }
                prop_assert!(load.rows.iter().all(|r| load.roots.contains(&root(r.root))));
                let alone = load.roots.len() == 1;
                let largest = Object::ALL.iter().map(|o| load.rows_of(*o)).max();
                prop_assert!(alone || largest <= Some(rows_max));
            }
            let taken: usize = loads.iter().map(|load| load.rows.len()).sum();
            let open = rows.iter().filter(|r| !held.contains(&root(r.root))).count();
            prop_assert!(taken == open || loads.len() == free, "{taken} of {open} rows");
        }
    }

    #[test]
    fn a_call_is_filled_before_the_next_is_begun() {
        let rows = (0..30).map(|n| row(10 + n % 10, Object::Message, n)).collect();
        let loads = share(rows, Vec::new(), &BTreeMap::new(), &BTreeSet::new(), 4, 12);
        let sizes: Vec<_> = loads.iter().map(|load| load.rows.len()).collect();
        assert_eq!(sizes, [12, 12, 6]);
        let people: Vec<_> = loads[0].rows.iter().map(|row| row.root).collect();
        assert!(people.is_sorted(), "rows of one person stand together: {people:?}");
    }
}
