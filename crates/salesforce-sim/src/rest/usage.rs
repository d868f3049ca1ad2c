//! The daily quota of calls.

use std::collections::VecDeque;

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
    /// Minute and calls in it, oldest first.
    minutes: VecDeque<(i64, u64)>,
}

impl Usage {
    pub fn new(max: u64) -> Self {
        Self { max, total: 0, used: 0, minutes: VecDeque::new() }
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

    /// Calls of somebody else: another program that works with the org.
    pub fn add(&mut self, now_ms: i64, calls: u64) {
        let minute = now_ms.div_euclid(60_000);
        self.used += calls;
        match self.minutes.back_mut() {
            Some((last, count)) if *last >= minute => *count += calls,
            _ => self.minutes.push_back((minute, calls)),
        }
    }

    pub fn used(&mut self, now_ms: i64) -> u64 {
        let oldest = now_ms.div_euclid(60_000) - WINDOW_MINUTES;
        while let Some((_, calls)) = self.minutes.pop_front_if(|(minute, _)| *minute <= oldest) {
            self.used -= calls;
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
}
