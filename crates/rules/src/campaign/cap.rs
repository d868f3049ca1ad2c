//! How much marketing one person gets, over all campaigns of a tenant.

use model::UnixMs;

const DAY_MS: i64 = 86_400_000;

/// At most `messages` in any `days` days of 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    messages: usize,
    days: i64,
}

impl Cap {
    pub const MESSAGES_MAX: usize = 100;
    pub const DAYS_MAX: i64 = 365;

    /// The error is field, why and cure.
    pub fn new(messages: usize, days: i64) -> Result<Self, (&'static str, String, String)> {
        if !(1..=Self::MESSAGES_MAX).contains(&messages) {
            let cure = format!("write a number from 1 to {}", Self::MESSAGES_MAX);
            return Err(("cap.messages", format!("{messages} is no cap"), cure));
        }
        if !(1..=Self::DAYS_MAX).contains(&days) {
            let cure = format!("write a number from 1 to {}", Self::DAYS_MAX);
            return Err(("cap.days", format!("{days} is no number of days"), cure));
        }
        Ok(Self { messages, days })
    }

    /// From when on one more is within the cap. `sent`: when the person was sent
    /// marketing, in any order.
    pub fn free_at(self, sent: &[UnixMs], now: UnixMs) -> UnixMs {
        let span = self.days * DAY_MS;
        let mut within: Vec<_> = sent.iter().copied().filter(|at| now < at.plus(span)).collect();
        within.sort();
        match within.len().checked_sub(self.messages) {
            // so many must be out of the span that this one is, too
            Some(last_to_go) => within[last_to_go].plus(span),
            None => now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_more_when_the_oldest_is_out_of_the_span() {
        let day = |n: i64| UnixMs(n * DAY_MS);
        let cap = Cap::new(2, 7).unwrap();
        for (sent, now, free) in [
            (vec![], 10, 10),
            (vec![9], 10, 10),
            (vec![9, 5], 10, 12),
            (vec![3, 9], 10, 10),
            (vec![9, 8, 7], 10, 15),
        ] {
            let sent: Vec<_> = sent.into_iter().map(day).collect();
            assert_eq!(cap.free_at(&sent, day(now)), day(free), "{sent:?}");
        }
    }

    #[test]
    fn a_cap_that_means_nothing_is_refused() {
        for (messages, days, field) in [
            (0, 7, "cap.messages"),
            (101, 7, "cap.messages"),
            (1, 0, "cap.days"),
            (1, 366, "cap.days"),
        ] {
            assert_eq!(Cap::new(messages, days).unwrap_err().0, field);
        }
    }

    proptest! {
        /// Whoever waits as told is never sent more than the cap in its span,
        /// and a moment earlier would have been too much.
        #[test]
        fn never_more_than_the_cap_and_never_later_than_needed(
            messages in 1usize..5,
            days in 1i64..10,
            waits in proptest::collection::vec(0..3 * DAY_MS, 1..40),
        ) {
            let cap = Cap::new(messages, days).unwrap();
            let (mut now, mut sent) = (UnixMs(0), Vec::new());
            for wait in waits {
                now = now.plus(wait);
                let free = cap.free_at(&sent, now);
                let within = |at: UnixMs| {
                    sent.iter().filter(|s: &&UnixMs| at.since(**s) < days * DAY_MS).count()
                };
                prop_assert!(within(free) < messages);
                prop_assert!(free == now || within(free.plus(-1)) >= messages);
                sent.push(free);
                now = free;
            }
        }
    }
}
