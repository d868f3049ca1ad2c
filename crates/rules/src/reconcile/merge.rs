//! Two streams in key order, walked side by side.

use std::cmp::Ordering;
use std::collections::VecDeque;

pub trait Keyed {
    fn key(&self) -> &str;
}

/// A key on one side, or on both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Met<L, R> {
    Left(L),
    Both(L, R),
    Right(R),
}

/// What the walk needs, or found.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<L, R> {
    /// Give the left side's next page, or say that it ended.
    Left,
    Right,
    Met(Met<L, R>),
    End,
}

/// A side was not in ascending order: what the walk would say is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key {key} comes out of order")]
pub struct Disorder {
    pub key: String,
}

/// Holds what it was given and has not told: a page of each side, as long as
/// its user gives a page only when it asks for one.
pub struct Merge<L, R> {
    left: Side<L>,
    right: Side<R>,
}

struct Side<T> {
    waiting: VecDeque<T>,
    ended: bool,
    last: Option<String>,
}

impl<T: Keyed> Side<T> {
    fn new() -> Self {
        Self { waiting: VecDeque::new(), ended: false, last: None }
    }

    /// An empty page ends the side.
    fn add(&mut self, page: Vec<T>) -> Result<(), Disorder> {
        self.ended = page.is_empty();
        for row in page {
            if self.last.as_deref().is_some_and(|last| row.key() < last) {
                return Err(Disorder { key: row.key().to_owned() });
            }
            self.last = Some(row.key().to_owned());
            self.waiting.push_back(row);
        }
        Ok(())
    }

    fn is_hungry(&self) -> bool {
        self.waiting.is_empty() && !self.ended
    }
}

impl<L: Keyed, R: Keyed> Default for Merge<L, R> {
    fn default() -> Self {
        Self { left: Side::new(), right: Side::new() }
    }
}

impl<L: Keyed, R: Keyed> Merge<L, R> {
    /// The next page of the left side; empty when there is no more.
    pub fn left(&mut self, page: Vec<L>) -> Result<(), Disorder> {
        self.left.add(page)
    }

    pub fn right(&mut self, page: Vec<R>) -> Result<(), Disorder> {
        self.right.add(page)
    }

    /// Rows held at this moment.
    pub fn held(&self) -> usize {
        self.left.waiting.len() + self.right.waiting.len()
    }

    /// Each key of either side once for each row of it; equal keys meet in pairs.
    pub fn step(&mut self) -> Next<L, R> {
        if self.left.is_hungry() {
            return Next::Left;
        }
        if self.right.is_hungry() {
            return Next::Right;
        }
        let order = match (self.left.waiting.front(), self.right.waiting.front()) {
            (Some(left), Some(right)) => left.key().cmp(right.key()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return Next::End,
        };
        let left = if order.is_le() { self.left.waiting.pop_front() } else { None };
        let right = if order.is_ge() { self.right.waiting.pop_front() } else { None };
        match (left, right) {
            (Some(left), Some(right)) => Next::Met(Met::Both(left, right)),
            (Some(left), None) => Next::Met(Met::Left(left)),
            (None, Some(right)) => Next::Met(Met::Right(right)),
            (None, None) => Next::End,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    impl Keyed for String {
        fn key(&self) -> &str {
            self
        }
    }

    /// Walks both in pages; what was met, and the most rows held at once.
    fn walk(
        left: &[String],
        right: &[String],
        page: usize,
    ) -> Result<(Vec<Met<String, String>>, usize), Disorder> {
        let mut merge = Merge::default();
        let (mut lefts, mut rights) = (left.chunks(page), right.chunks(page));
        let (mut met, mut most) = (vec![], 0);
        loop {
            match merge.step() {
                Next::Left => merge.left(lefts.next().unwrap_or_default().to_vec())?,
                Next::Right => merge.right(rights.next().unwrap_or_default().to_vec())?,
                Next::Met(one) => met.push(one),
                Next::End => return Ok((met, most)),
            }
            most = most.max(merge.held());
        }
    }

    proptest! {
        #[test]
        fn every_key_is_told_once_and_two_pages_are_held_at_most(
            left in prop::collection::btree_set("[0-9a-f]{1,3}", 0..60),
            right in prop::collection::btree_set("[0-9a-f]{1,3}", 0..60),
            page in 1usize..9,
        ) {
            let (l, r): (Vec<_>, Vec<_>) =
                (left.iter().cloned().collect(), right.iter().cloned().collect());
            let (met, most) = walk(&l, &r, page).unwrap();
            prop_assert!(most <= 2 * page, "{most} rows held with pages of {page}");
            let mut told = BTreeMap::new();
            for one in met {
                let (key, sides) = match one {
                    Met::Left(key) => (key, (true, false)),
                    Met::Both(key, same) => {
                        prop_assert_eq!(&key, &same);
                        (key, (true, true))
                    }
                    Met::Right(key) => (key, (false, true)),
                };
                prop_assert!(told.insert(key, sides).is_none(), "told twice");
            }
            let all: BTreeSet<_> = left.union(&right).cloned().collect();
            prop_assert_eq!(told.keys().cloned().collect::<BTreeSet<_>>(), all);
            for (key, sides) in told {
                prop_assert_eq!(sides, (left.contains(&key), right.contains(&key)));
            }
        }

        #[test]
        fn a_side_out_of_order_is_refused_and_never_misread(
            mut keys in prop::collection::vec("[0-9a-f]{2}", 2..20),
            page in 1usize..5,
        ) {
            let sorted = keys.is_sorted();
            let told = walk(&keys, &[], page);
            prop_assert_eq!(told.is_ok(), sorted);
            keys.sort();
            prop_assert!(walk(&[], &keys, page).is_ok());
        }
    }
}
