//! How fast a number may go: in and out together, and per person.
//!
//! One holder at a time: counts live in memory and a number starts from nothing,
//! so that a new holder never adds its second to the old one's.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::{LaneId, PhoneNumberId};
use parking_lot::Mutex;
use rules::pace::{Bucket, Window};
use store::Class;

/// Messages per second of a number of throughput level STANDARD.
const STANDARD_PER_SECOND: i64 = 80;
/// Share of a number's rate that only the live class may use, in percent.
const LIVE_RESERVE: i64 = 10;
/// A call leaves when its permit is on disk, which takes now this long and now
/// that long, so that calls counted one after the other leave in a bunch. At
/// the limit all of them leave so long after they were counted.
const EVEN_MS: i64 = 40;
/// Beyond this many pairs, those that are full again are forgotten.
const PAIRS_MAX: usize = 20_000;

#[derive(Clone, Default)]
pub struct Pace(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    rates: BTreeMap<PhoneNumberId, i64>,
    numbers: BTreeMap<PhoneNumberId, Window>,
    pairs: BTreeMap<LaneId, Bucket>,
}

impl Pace {
    /// What Meta told of the number's throughput, messages per second.
    pub fn set_rate(&self, number: &PhoneNumberId, per_second: i64) {
        let mut inner = self.0.lock();
        inner.rates.insert(number.clone(), per_second.max(1));
        inner.numbers.remove(number);
    }

    /// A message came in: it counts toward the number's throughput.
    pub fn received(&self, number: &PhoneNumberId, now_ms: i64) {
        self.0.lock().number(number, now_ms).take(now_ms);
    }

    /// Counts one message of number and pair, or says how long to wait for them.
    /// What was counted may be called at the time that is returned.
    pub fn take(
        &self,
        number: &PhoneNumberId,
        lane: LaneId,
        class: Class,
        now_ms: i64,
    ) -> Result<i64, i64> {
        let mut inner = self.0.lock();
        let rate = inner.rate(number);
        let reserve = if class == Class::Live { 0 } else { rate * LIVE_RESERVE / 100 };
        let by_number = inner.number(number, now_ms).wait_ms(now_ms, reserve);
        let by_pair = inner.pair(lane, now_ms).wait_ms(now_ms);
        let wait = by_number.max(by_pair);
        if wait > 0 {
            return Err(wait);
        }
        let busy = inner.number(number, now_ms).is_busy();
        inner.number(number, now_ms).take(now_ms);
        inner.pair(lane, now_ms).take(now_ms);
        Ok(if busy { now_ms + EVEN_MS } else { now_ms })
    }
}

impl Inner {
    fn rate(&self, number: &PhoneNumberId) -> i64 {
        self.rates.get(number).copied().unwrap_or(STANDARD_PER_SECOND)
    }

    fn number(&mut self, number: &PhoneNumberId, now_ms: i64) -> &mut Window {
        let rate = self.rate(number);
        self.numbers.entry(number.clone()).or_insert_with(|| Window::new(rate, now_ms))
    }

    fn pair(&mut self, lane: LaneId, now_ms: i64) -> &mut Bucket {
        if self.pairs.len() > PAIRS_MAX {
            self.pairs.retain(|_, bucket| !bucket.is_full(now_ms));
        }
        self.pairs.entry(lane).or_insert_with(|| Bucket::pair(now_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting() -> (Pace, PhoneNumberId) {
        (Pace::default(), PhoneNumberId::new("106"))
    }

    fn lane(n: u8) -> LaneId {
        LaneId::from_bytes([n; 16])
    }

    #[test]
    fn a_pair_is_held_back_and_its_neighbour_is_not() {
        let (pace, number) = setting();
        pace.set_rate(&number, 1_000);
        let _ = pace.take(&number, lane(0), Class::Live, 0);
        let sent = (0..60).filter(|_| pace.take(&number, lane(1), Class::Live, 1_000).is_ok());
        assert_eq!(sent.count(), 45);
        assert!(pace.take(&number, lane(2), Class::Live, 1_000).is_ok());
    }

    #[test]
    fn what_comes_in_counts_and_the_live_class_keeps_its_share() {
        let (pace, number) = setting();
        let _ = pace.take(&number, lane(0), Class::Live, 0);
        for _ in 0..72 {
            pace.received(&number, 1_000);
        }
        assert!(pace.take(&number, lane(1), Class::Campaign, 1_000).is_err());
        for n in 0..8 {
            assert!(pace.take(&number, lane(n + 1), Class::Live, 1_000).is_ok());
        }
        assert!(pace.take(&number, lane(99), Class::Live, 1_000).is_err());
    }

    #[test]
    fn at_the_limit_calls_leave_as_they_were_counted() {
        let (pace, number) = setting();
        let _ = pace.take(&number, lane(0), Class::Live, 0);
        let leaves = |n: u8| pace.take(&number, lane(n), Class::Live, 1_000 + i64::from(n));
        let leaves: Vec<_> = (1..=80).map(leaves).collect();
        assert_eq!(leaves[9], Ok(1_010), "an ordinary load waits for nothing");
        assert_eq!(leaves[79], Ok(1_080 + EVEN_MS));
    }
}
