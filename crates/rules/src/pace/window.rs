//! One number: messages of any second, both directions together.
//!
//! A bucket that may be full would let twice the limit through in one second,
//! so the last second itself is kept: the times of the newest messages, as many
//! as the limit.

use std::collections::VecDeque;

const SPAN_MS: i64 = 1_000;
/// Calls that leave in one second may arrive in a shorter one. This much longer
/// a message counts, which costs under one percent of the rate.
const GUARD_MS: i64 = 8;
/// So long after the far side counted a message that came in, it is known here
/// and nothing leaves any more that was counted without it.
const WAY_MS: i64 = 150;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    limit: usize,
    /// When this holder began. Who held the number before may just have spent
    /// the whole second.
    opened_ms: i64,
    /// Oldest first, at most `limit`.
    newest: VecDeque<i64>,
    /// Those of the last second that came in.
    received: VecDeque<i64>,
}

impl Window {
    /// `per_second` messages; the first second grows from nothing.
    pub fn new(per_second: i64, now_ms: i64) -> Self {
        let (newest, received) = (VecDeque::new(), VecDeque::new());
        Self { limit: per_second.max(1) as usize, opened_ms: now_ms, newest, received }
    }

    /// How long until one more may go while room for `reserve` others stays;
    /// 0 = now. At least one message of a second is nobody's reserve.
    pub fn wait_ms(&mut self, now_ms: i64, reserve: i64) -> i64 {
        while self.newest.front().is_some_and(|at| at + SPAN_MS + GUARD_MS <= now_ms) {
            self.newest.pop_front();
        }
        let room = self.limit.saturating_sub(reserve.max(0) as usize).max(1);
        let by_second = match self.newest.len().checked_sub(room) {
            Some(oldest_to_go) => self.newest[oldest_to_go] + SPAN_MS + GUARD_MS - now_ms,
            None => 0,
        };
        by_second.max(self.by_start(now_ms)).max(0)
    }

    /// So near the limit that every call counts.
    pub fn is_busy(&self) -> bool {
        self.newest.len() * 10 > self.limit * 9
    }

    /// Counts one message of that time, also beyond the limit: what was received
    /// was received.
    pub fn take(&mut self, at_ms: i64) {
        if self.newest.len() == self.limit {
            self.newest.pop_front();
        }
        let place = self.newest.partition_point(|at| *at <= at_ms);
        self.newest.insert(place, at_ms);
    }

    /// One that was counted for a time left later.
    pub fn left_later(&mut self, counted_ms: i64, left_ms: i64) {
        if let Ok(place) = self.newest.binary_search(&counted_ms) {
            self.newest.remove(place);
            self.take(left_ms);
        }
    }

    /// Counts one message that came in.
    pub fn receive(&mut self, now_ms: i64) {
        if self.received.len() == self.limit {
            self.received.pop_front();
        }
        self.received.push_back(now_ms);
        self.take(now_ms);
    }

    /// How many the far side has counted, most likely, and nobody here knows of.
    pub fn on_their_way(&mut self, now_ms: i64) -> i64 {
        while self.received.front().is_some_and(|at| at + SPAN_MS <= now_ms) {
            self.received.pop_front();
        }
        (self.received.len() as i64 * WAY_MS + SPAN_MS - 1) / SPAN_MS
    }

    /// In the first second the share of the limit is that of the second.
    fn by_start(&self, now_ms: i64) -> i64 {
        let since = now_ms - self.opened_ms;
        if since >= SPAN_MS {
            return 0;
        }
        let (next, limit) = (self.newest.len() as i64 + 1, self.limit as i64);
        (next * SPAN_MS + limit - 1) / limit - since
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_new_holder_waits_for_its_first_message() {
        let mut number = Window::new(80, 0);
        assert_eq!(number.wait_ms(0, 0), 13);
        assert_eq!(number.wait_ms(13, 0), 0);
    }

    #[test]
    fn an_idle_number_has_one_second_and_no_more() {
        let mut number = Window::new(1_000, 0);
        let mut sent = 0;
        while number.wait_ms(60_000, 0) == 0 {
            number.take(60_000);
            sent += 1;
        }
        assert_eq!((sent, number.wait_ms(60_000, 0)), (1_000, SPAN_MS + GUARD_MS));
    }

    #[test]
    fn a_reserve_is_left_for_others() {
        let mut number = Window::new(10, 0);
        (0..8).for_each(|_| number.take(5_000));
        assert_eq!(number.wait_ms(5_000, 0), 0);
        assert_eq!(number.wait_ms(5_000, 2), SPAN_MS + GUARD_MS);
        let mut tiny = Window::new(1, 0);
        assert_eq!(tiny.wait_ms(5_000, 5), 0, "a reserve never holds a number for good");
    }

    #[test]
    fn what_came_in_beyond_the_limit_holds_what_goes_out() {
        let mut number = Window::new(10, 0);
        (0..50).for_each(|n| number.take(5_000 + n));
        assert_eq!(number.wait_ms(5_050, 0), 5_040 + SPAN_MS + GUARD_MS - 5_050);
        assert!(number.newest.len() <= 10);
    }

    #[test]
    fn room_is_left_for_what_is_on_its_way() {
        let mut number = Window::new(1_000, 0);
        assert_eq!(number.on_their_way(5_000), 0);
        (0..51).for_each(|n| number.receive(5_000 + n * 20));
        assert_eq!(number.on_their_way(6_000), 8, "fifty of the last second");
        assert_eq!(number.on_their_way(6_999), 1);
        assert_eq!(number.on_their_way(7_000), 0);
    }

    #[test]
    fn what_left_later_counts_for_longer() {
        let mut number = Window::new(2, 0);
        number.take(5_000);
        number.take(5_000);
        number.left_later(5_000, 5_300);
        assert_eq!(number.wait_ms(5_300, 0), 5_000 + SPAN_MS + GUARD_MS - 5_300);
        number.left_later(5_000, 5_400);
        assert_eq!(number.wait_ms(5_400, 0), 5_300 + SPAN_MS + GUARD_MS - 5_400);
        number.left_later(1, 9_000);
        assert_eq!(number.newest, [5_300, 5_400], "who is not counted any more is not moved");
    }

    proptest! {
        /// No second holds more than the limit, and a busy number uses 99 % of it.
        #[test]
        fn every_second_is_within_the_limit(
            limit in 1i64..200,
            steps in proptest::collection::vec(0i64..500, 1..100),
        ) {
            let mut number = Window::new(limit, 0);
            let (mut now, mut taken) = (0i64, Vec::new());
            for step in steps {
                now += step;
                while number.wait_ms(now, 0) == 0 {
                    number.take(now);
                    taken.push(now);
                }
            }
            // the message one limit later is in another second
            for (first, beyond) in taken.iter().zip(taken.iter().skip(limit as usize)) {
                prop_assert!(beyond - first >= SPAN_MS);
            }
        }

        /// Waiting as told suffices, and wastes less than one percent.
        #[test]
        fn the_wait_is_enough_and_not_too_long(limit in 1i64..200) {
            let mut number = Window::new(limit, 0);
            let (mut now, mut taken) = (10_000i64, 0i64);
            while now < 70_000 {
                now += number.wait_ms(now, 0);
                prop_assert_eq!(number.wait_ms(now, 0), 0);
                number.take(now);
                taken += 1;
            }
            prop_assert!(taken * 100 >= limit * 60 * 99);
        }
    }
}
