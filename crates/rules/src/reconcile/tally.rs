//! How many of which.

use super::merge::Met;
use super::verdict::{Ours, Theirs, Verdict};

/// `here = both + waiting for the first time + aside + missing + unwanted`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that we hold.
    pub here: u64,
    /// Messages among them that customers sent.
    pub received: u64,
    /// Rows that Salesforce shows.
    pub there: u64,
    /// Rows of ours that Salesforce shows.
    pub both: u64,
    counts: [u64; Verdict::ALL.len()],
}

impl Tally {
    pub fn count(&mut self, met: &Met<Ours, Theirs>, verdict: Verdict) {
        self.here += u64::from(!matches!(met, Met::Right(_)));
        self.there += u64::from(!matches!(met, Met::Left(_)));
        self.both += u64::from(matches!(met, Met::Both(..)));
        if let Met::Left(ours) | Met::Both(ours, _) = met {
            self.received += u64::from(ours.standing == Some("received"));
        }
        self.counts[verdict as usize] += 1;
    }

    pub fn of(&self, verdict: Verdict) -> u64 {
        self.counts[verdict as usize]
    }

    /// Nothing is there that needs a person.
    pub fn is_clean(&self) -> bool {
        Verdict::ALL.into_iter().all(|v| !v.needs_a_second_look() || self.of(v) == 0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::verdict::{Mirror, judge};
    use super::*;

    fn met() -> impl Strategy<Value = Met<Ours, Theirs>> {
        let word = || prop::sample::select(vec!["queued", "sent", "failed", "read"]);
        let mirror = (0i64..3, 0i64..3, any::<bool>()).prop_map(|(more, done, aside)| Mirror {
            wanted: done + more,
            done,
            aside,
        });
        let ours = (prop::option::of(mirror), word()).prop_map(|(mirror, word)| Ours {
            key: "k".into(),
            mirror,
            standing: Some(word),
        });
        let theirs = prop::option::of(word()).prop_map(|word| Theirs {
            key: "k".into(),
            record: "r".into(),
            standing: word.map(Into::into),
        });
        prop_oneof![
            ours.clone().prop_map(Met::Left),
            (ours, theirs.clone()).prop_map(|(o, t)| Met::Both(o, t)),
            theirs.prop_map(Met::Right),
        ]
    }

    proptest! {
        #[test]
        fn every_row_is_counted_once(rows in prop::collection::vec(met(), 0..40)) {
            let mut tally = Tally::default();
            let mut first = 0;
            for row in &rows {
                let verdict = judge(row);
                tally.count(row, verdict);
                let waits = matches!(verdict, Verdict::Waiting | Verdict::Aside);
                first += u64::from(waits && matches!(row, Met::Left(_)));
            }
            let all: u64 = Verdict::ALL.into_iter().map(|v| tally.of(v)).sum();
            prop_assert_eq!(all, rows.len() as u64);
            let gone = tally.of(Verdict::Missing) + tally.of(Verdict::Unwanted);
            prop_assert_eq!(tally.here, tally.both + first + gone);
            prop_assert_eq!(tally.there, tally.both + tally.of(Verdict::Extra));
        }
    }
}
