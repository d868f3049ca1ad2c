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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    limit: usize,
    /// When this holder began. Who held the number before may just have spent
    /// the whole second.
    opened_ms: i64,
    /// Oldest first, at most `limit`.
    newest: VecDeque<i64>,
}

impl Window {
    /// `per_second` messages; the first second grows from nothing.
    pub fn new(per_second: i64, now_ms: i64) -> Self {
        Self { limit: per_second.max(1) as usize, opened_ms: now_ms, newest: VecDeque::new() }
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

    /// Counts one message, also beyond the limit: what was received was received.
    pub fn take(&mut self, now_ms: i64) {
        if self.newest.len() == self.limit {
            self.newest.pop_front();
        }
        self.newest.push_back(now_ms);
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
