//! How fast a number may go: in and out together, and per person.
//!
//! One holder at a time: counts live in memory and a number starts from nothing,
//! so that a new holder never adds its second to the old one's.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::{LaneId, PhoneNumberId};
use parking_lot::Mutex;
use rules::campaign::pair_wait_ms;
use rules::pace::{Bucket, Window};
use store::Class;

const SECOND_MS: i64 = 1_000;
/// Messages per second of a number of throughput level STANDARD.
const STANDARD_PER_SECOND: i64 = 80;
/// Share of a number's rate that only the live class may use, in percent.
pub const LIVE_RESERVE: i64 = 10;
/// A call leaves when its permit is on disk, which takes now this long and now
/// that long, so that calls counted one after the other leave in a bunch. At
/// the limit all of them leave so long after they were counted.
const EVEN_MS: i64 = 40;
/// A place is given away so long before it is free: meanwhile the permit is
/// written. Not longer, for what comes in takes places, too.
const AHEAD_MS: i64 = 100;
/// Beyond this many pairs, those that are full again are forgotten.
const PAIRS_MAX: usize = 20_000;

#[derive(Clone, Default)]
pub struct Pace(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    rates: BTreeMap<PhoneNumberId, i64>,
    numbers: BTreeMap<PhoneNumberId, Window>,
    pairs: BTreeMap<LaneId, Bucket>,
    /// When the last of those who wait was told to ask again.
    turns: BTreeMap<(PhoneNumberId, Class), i64>,
}

impl Pace {
    /// What Meta told of the number's throughput, messages per second.
    pub fn set_rate(&self, number: &PhoneNumberId, per_second: i64) {
        let mut inner = self.0.lock();
        inner.rates.insert(number.clone(), per_second.max(1));
        inner.numbers.remove(number);
    }

    /// Messages per second, in and out together.
    pub fn rate(&self, number: &PhoneNumberId) -> i64 {
        self.0.lock().rate(number)
    }

    /// A message came in: it counts toward the number's throughput.
    pub fn received(&self, number: &PhoneNumberId, now_ms: i64) {
        self.0.lock().number(number, now_ms).receive(now_ms);
    }

    /// Meta's second was full before ours: it has one that nobody here knows of.
    pub fn refused(&self, number: &PhoneNumberId, now_ms: i64) {
        self.0.lock().number(number, now_ms).take(now_ms);
    }

    /// Counts one message of number and pair for the time that is returned, when
    /// it may be called; or says how long to wait before asking again. Who comes
    /// first has the first place: nobody looks again and again whether it is free.
    pub fn take(
        &self,
        number: &PhoneNumberId,
        lane: LaneId,
        class: Class,
        now_ms: i64,
    ) -> Result<i64, i64> {
        let mut inner = self.0.lock();
        let rate = inner.rate(number);
        let on_their_way = inner.number(number, now_ms).on_their_way(now_ms);
        let reserve = match class {
            Class::Live => on_their_way,
            _ => on_their_way.max(rate * LIVE_RESERVE / 100),
        };
        let by_number = inner.number(number, now_ms).wait_ms(now_ms, reserve);
        let pair = inner.pair(lane, now_ms);
        let by_pair = match class {
            Class::Campaign => pair_wait_ms(pair, now_ms),
            Class::Live | Class::Automatic => pair.wait_ms(now_ms),
        };
        if by_pair > 0 {
            return Err(by_pair);
        }
        if by_number > AHEAD_MS {
            return Err(inner.turn(number, class, now_ms + by_number - AHEAD_MS) - now_ms);
        }
        let busy = inner.number(number, now_ms).is_busy();
        let leaves_ms = now_ms + by_number.max(if busy { EVEN_MS } else { 0 });
        inner.number(number, now_ms).take(leaves_ms);
        inner.pair(lane, now_ms).take(now_ms);
        Ok(leaves_ms)
    }

    /// The call that was counted for `leaves_ms` leaves now.
    pub fn leaves(&self, number: &PhoneNumberId, leaves_ms: i64, now_ms: i64) {
        if now_ms > leaves_ms {
            self.0.lock().number(number, now_ms).left_later(leaves_ms, now_ms);
        }
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

    /// One after the other: if all asked at once, one would have the place, and
    /// all would have looked what they want to send.
    fn turn(&mut self, number: &PhoneNumberId, class: Class, at_ms: i64) -> i64 {
        let step = SECOND_MS / self.rate(number);
        let turn = self.turns.entry((number.clone(), class)).or_insert(i64::MIN);
        *turn = at_ms.max(turn.saturating_add(step));
        *turn
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
    fn a_campaign_leaves_the_last_of_a_pair_to_agents() {
        let (pace, number) = setting();
        pace.set_rate(&number, 1_000);
        let _ = pace.take(&number, lane(0), Class::Live, 0);
        let sent =
            |class| (0..60).filter(|_| pace.take(&number, lane(1), class, 1_000).is_ok()).count();
        assert_eq!(sent(Class::Campaign), 35);
        assert_eq!(sent(Class::Live), 10);
    }

    #[test]
    fn what_comes_in_counts_and_the_live_class_keeps_its_share() {
        let (pace, number) = setting();
        let _ = pace.take(&number, lane(0), Class::Live, 0);
        for _ in 0..72 {
            pace.received(&number, 1_000);
        }
        assert!(pace.take(&number, lane(1), Class::Campaign, 1_000).is_err());
        // and what is on its way is left room for
        assert!(pace.take(&number, lane(1), Class::Live, 1_000).is_err());
    }

    #[test]
    fn a_refusal_is_a_message_that_nobody_knew_of() {
        let (pace, number) = setting();
        let _ = pace.take(&number, lane(0), Class::Live, 0);
        pace.refused(&number, 2_000);
        let sent = (1..200).filter(|n| pace.take(&number, lane(*n), Class::Live, 2_000).is_ok());
        assert_eq!(sent.count(), 79);
    }

    #[test]
    fn who_must_wait_asks_again_one_after_the_other() {
        let (pace, number) = setting();
        let _ = pace.take(&number, lane(0), Class::Live, 0);
        let takes = (1..=100).map(|n| pace.take(&number, lane(n), Class::Live, 2_000));
        let waits: Vec<_> = takes.filter_map(Result::err).collect();
        assert_eq!(waits.len(), 20);
        let apart = waits.windows(2).all(|two| two[1] == two[0] + 12);
        assert!(apart && waits[0] > 800, "{waits:?}");
        let campaign = pace.take(&number, lane(101), Class::Campaign, 2_000);
        assert_eq!(campaign, Err(waits[0]), "another class waits for itself");
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
