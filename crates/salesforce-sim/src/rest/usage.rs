//! The daily quota of calls.

use std::collections::BTreeMap;

/// The quota is for any 24 hours (Salesforce Developer Limits, API requests):
/// a call counts until it is a day old, told to the minute.
const WINDOW_MINUTES: i64 = 24 * 60;

/// Calls of the last 24 hours.
#[derive(Debug)]
pub struct Usage {
    pub max: u64,
    /// All calls since the start: never falls.
    pub total: u64,
    used: u64,
    /// Calls by the minute.
    minutes: BTreeMap<i64, u64>,
}

impl Usage {
    pub fn new(max: u64) -> Self {
        Self { max, total: 0, used: 0, minutes: BTreeMap::new() }
    }

    /// Counts one call; false when the quota is used up.
    pub fn spend(&mut self, now_ms: i64) -> bool {
        if self.used(now_ms) >= self.max {
            return false;
        }
        self.total += 1;
        self.add(now_ms, 1);
        true
    }

    /// Calls of somebody else, now or earlier: another program that works with
    /// the org.
    pub fn add(&mut self, at_ms: i64, calls: u64) {
        self.used += calls;
        *self.minutes.entry(at_ms.div_euclid(60_000)).or_default() += calls;
    }

    pub fn used(&mut self, now_ms: i64) -> u64 {
        let oldest = now_ms.div_euclid(60_000) - WINDOW_MINUTES;
        while let Some(first) = self.minutes.first_entry().filter(|e| *e.key() <= oldest) {
            self.used -= first.remove();
        }
        self.used
    }

    /// The value of `Sforce-Limit-Info`.
    pub fn header(&mut self, now_ms: i64) -> String {
        format!("api-usage={}/{}", self.used(now_ms), self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_counts_for_a_day() {
        let (minute, day) = (60_000, 86_400_000);
        let mut usage = Usage::new(2);
        assert!(usage.spend(0) && usage.spend(90 * minute) && !usage.spend(day - 1));
        assert_eq!((usage.used(day), usage.total), (1, 2));
        assert!(usage.spend(day) && !usage.spend(day + 89 * minute));
        usage.add(day + 90 * minute, 5);
        assert_eq!(usage.header(day + 90 * minute), "api-usage=6/2");
    }

    #[test]
    fn calls_of_long_ago_end_before_those_of_now() {
        let (minute, day) = (60_000, 86_400_000);
        let mut usage = Usage::new(100);
        usage.add(day, 2);
        usage.add(10 * minute, 50);
        assert_eq!((usage.used(day), usage.used(day + 10 * minute)), (52, 2));
    }
}
