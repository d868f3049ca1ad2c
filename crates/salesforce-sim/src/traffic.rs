//! Calls under way: how many at once, how many of them only wait for a row,
//! and the limit on long ones.

use std::collections::BTreeMap;

use parking_lot::Mutex;
use sim_kit::SimClock;

/// A call that has run so long counts against the limit of concurrent calls
/// (Salesforce Developer Limits, concurrent API requests).
const LONG_MS: i64 = 20_000;

/// What was seen since the start, or since it was forgotten. Means are taken
/// over the time in which any call was under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traffic {
    pub in_flight_mean: f64,
    pub in_flight_max: usize,
    /// Of those in flight, the ones that did nothing but wait for a row.
    pub waiting_mean: f64,
    /// Rows that failed because they were waited for in vain.
    pub lock_errors: u64,
}

#[derive(Debug, Default)]
pub struct Road(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// When each call under way came in.
    calls: BTreeMap<u64, i64>,
    next: u64,
    waiting: usize,
    seen_ms: i64,
    busy_ms: i64,
    call_ms: i64,
    waiting_ms: i64,
    max: usize,
    lock_errors: u64,
}

impl Inner {
    fn see(&mut self, now: i64) {
        let passed = (now - self.seen_ms).max(0);
        self.seen_ms = now;
        if !self.calls.is_empty() {
            self.busy_ms += passed;
            self.call_ms += passed * self.calls.len() as i64;
            self.waiting_ms += passed * self.waiting as i64;
        }
    }
}

/// One call, until it is dropped.
pub struct OnRoad<'a> {
    road: &'a Road,
    clock: &'a SimClock,
    number: u64,
}

/// A call that waits for a row, until it is dropped.
pub struct Waiting<'a> {
    road: &'a Road,
    clock: &'a SimClock,
}

impl Road {
    /// `None` when as many long calls as may run are under way.
    pub fn enter<'a>(&'a self, clock: &'a SimClock, long_max: usize) -> Option<OnRoad<'a>> {
        let mut inner = self.0.lock();
        let now = clock.now_ms();
        inner.see(now);
        if inner.calls.values().filter(|began| now - **began >= LONG_MS).count() >= long_max {
            return None;
        }
        inner.next += 1;
        let number = inner.next;
        inner.calls.insert(number, now);
        inner.max = inner.max.max(inner.calls.len());
        Some(OnRoad { road: self, clock, number })
    }

    pub fn wait<'a>(&'a self, clock: &'a SimClock) -> Waiting<'a> {
        let mut inner = self.0.lock();
        inner.see(clock.now_ms());
        inner.waiting += 1;
        Waiting { road: self, clock }
    }

    pub fn locks_refused(&self, rows: usize) {
        self.0.lock().lock_errors += rows as u64;
    }

    pub fn traffic(&self, now: i64) -> Traffic {
        let mut inner = self.0.lock();
        inner.see(now);
        let mean = |ms: i64| ms as f64 / inner.busy_ms.max(1) as f64;
        Traffic {
            in_flight_mean: mean(inner.call_ms),
            in_flight_max: inner.max,
            waiting_mean: mean(inner.waiting_ms),
            lock_errors: inner.lock_errors,
        }
    }

    /// What is under way stays; what was seen of it is forgotten.
    pub fn forget(&self, now: i64) {
        let mut inner = self.0.lock();
        inner.see(now);
        (inner.busy_ms, inner.call_ms, inner.waiting_ms) = (0, 0, 0);
        (inner.max, inner.lock_errors) = (inner.calls.len(), 0);
    }
}

impl Drop for OnRoad<'_> {
    fn drop(&mut self) {
        let mut inner = self.road.0.lock();
        inner.see(self.clock.now_ms());
        inner.calls.remove(&self.number);
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut inner = self.road.0.lock();
        inner.see(self.clock.now_ms());
        inner.waiting -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn means_are_over_the_time_in_which_calls_ran() {
        let (road, clock) = (Road::default(), SimClock::starting_at(1_000));
        clock.sleep_ms(500).await;
        let one = road.enter(&clock, 5).unwrap();
        clock.sleep_ms(100).await;
        let two = road.enter(&clock, 5).unwrap();
        let waiting = road.wait(&clock);
        clock.sleep_ms(300).await;
        drop((waiting, two, one));
        road.locks_refused(2);
        clock.sleep_ms(500).await;
        let seen = road.traffic(clock.now_ms());
        let want = Traffic {
            in_flight_mean: 700.0 / 400.0,
            in_flight_max: 2,
            waiting_mean: 300.0 / 400.0,
            lock_errors: 2,
        };
        assert_eq!(seen, want);
        road.forget(clock.now_ms());
        assert_eq!(road.traffic(clock.now_ms()).in_flight_max, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn long_calls_keep_others_out() {
        let (road, clock) = (Road::default(), SimClock::starting_at(1_000));
        let first = road.enter(&clock, 1).unwrap();
        assert!(road.enter(&clock, 1).is_some(), "it is not long yet");
        clock.sleep_ms(LONG_MS).await;
        assert!(road.enter(&clock, 1).is_none());
        drop(first);
        assert!(road.enter(&clock, 1).is_some());
    }
}
