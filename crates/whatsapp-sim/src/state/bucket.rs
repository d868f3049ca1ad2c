//! The two rate limits of sending, on the simulator's own clock.

use std::collections::VecDeque;

use serde::Serialize;

const PAIR_EVERY_MS: i64 = 6_000;
const PAIR_BURST: i64 = 45;

/// One number and one user: one message per six seconds, 45 borrowed ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PairBucket {
    /// When the borrowed quota is paid back.
    paid_at_ms: i64,
}

impl PairBucket {
    /// Takes one; false when the burst is used up (code 131056).
    pub fn take(&mut self, now_ms: i64) -> bool {
        if self.paid_at_ms - now_ms > (PAIR_BURST - 1) * PAIR_EVERY_MS {
            return false;
        }
        self.paid_at_ms = self.paid_at_ms.max(now_ms) + PAIR_EVERY_MS;
        true
    }
}

/// In and out of one number over any second, and the most there ever was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SecondWindow {
    #[serde(skip)]
    recent: VecDeque<i64>,
    /// The highest count over any window of one second.
    pub peak: usize,
    /// Sends refused with 130429.
    pub throttled: u64,
}

impl SecondWindow {
    /// Counts one message that nobody can refuse: an inbound one.
    pub fn note(&mut self, now_ms: i64) {
        self.forget(now_ms);
        self.recent.push_back(now_ms);
        self.peak = self.peak.max(self.recent.len());
    }

    /// Counts one send; false, and not counted, when `limit` is reached.
    pub fn take(&mut self, now_ms: i64, limit: usize) -> bool {
        self.forget(now_ms);
        if self.recent.len() >= limit {
            self.throttled += 1;
            return false;
        }
        self.note(now_ms);
        true
    }

    fn forget(&mut self, now_ms: i64) {
        while self.recent.front().is_some_and(|at| now_ms - at >= 1000) {
            self.recent.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_a_burst_of_45_then_one_per_six_seconds() {
        let mut pair = PairBucket::default();
        let sent = (0..100).filter(|_| pair.take(1_000_000)).count();
        assert_eq!(sent, 45);
        assert!(!pair.take(1_005_999));
        assert!(pair.take(1_006_000));
        assert!(!pair.take(1_006_000));
        let rest = (0..100).filter(|_| pair.take(2_000_000)).count();
        assert_eq!(rest, 45, "a quiet pair has its burst back");
    }

    #[test]
    fn a_second_holds_its_limit_in_and_out() {
        let mut window = SecondWindow::default();
        window.note(0);
        let sent = (0..10).filter(|_| window.take(500, 5)).count();
        assert_eq!((sent, window.throttled), (4, 6));
        assert!(!window.take(999, 5));
        assert!(window.take(1_000, 5), "the inbound one of time 0 left the window");
        assert!(!window.take(1_000, 5));
        assert_eq!(window.peak, 5);
    }
}
