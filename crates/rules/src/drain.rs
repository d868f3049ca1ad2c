//! How long a queue takes to empty, from how its length changed of late.

use model::UnixMs;

/// What is this old counts half.
const HALF_LIFE_MS: f64 = 60_000.0;

/// The pace of one queue: an average in which what is recent counts most.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Trend {
    seen: Option<(UnixMs, u64)>,
    /// Shorter by so many a second; negative while it grows.
    per_second: Option<f64>,
}

impl Trend {
    /// The queue had `length` at `at`. Times that do not move forward are left out.
    pub fn see(&mut self, at: UnixMs, length: u64) {
        let Some((before, was)) = self.seen.replace((at, length)) else {
            return;
        };
        let ms = at.since(before) as f64;
        if ms <= 0.0 {
            self.seen = Some((before, length));
            return;
        }
        let pace = (was as f64 - length as f64) * 1_000.0 / ms;
        let weight = 1.0 - 0.5_f64.powf(ms / HALF_LIFE_MS);
        let known = self.per_second.unwrap_or(pace);
        self.per_second = Some(known + (pace - known) * weight);
    }

    /// Seconds until it is empty if it goes on like this, what still comes
    /// counted in. `None` while it does not get shorter, or nobody knows yet.
    pub fn drains_in_s(&self) -> Option<u64> {
        let (_, length) = self.seen?;
        if length == 0 {
            return Some(0);
        }
        let pace = self.per_second.filter(|pace| *pace > 0.001)?;
        Some((length as f64 / pace).ceil() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(lengths: &[u64], every_ms: i64) -> Trend {
        let mut trend = Trend::default();
        for (n, length) in lengths.iter().enumerate() {
            trend.see(UnixMs(n as i64 * every_ms), *length);
        }
        trend
    }

    #[test]
    fn it_says_when_it_will_be_empty_and_when_it_cannot() {
        for (lengths, want) in [
            (&[][..], None),
            (&[500], None),
            (&[0], Some(0)),
            (&[600, 300], Some(30)),
            (&[1_000, 900, 800, 700], Some(210)),
            (&[100, 200, 300], None),
            (&[300, 300, 300], None),
            (&[500, 0], Some(0)),
        ] {
            assert_eq!(seen(lengths, 30_000).drains_in_s(), want, "{lengths:?}");
        }
    }

    #[test]
    fn what_is_recent_counts_most() {
        let mut slow_then_fast = vec![10_000; 20];
        slow_then_fast.extend((1..=8).map(|n| 10_000 - n * 1_000));
        let seconds = seen(&slow_then_fast, 30_000).drains_in_s().unwrap();
        assert!((60..70).contains(&seconds), "{seconds}: 2,000 left at 33 a second");
        let fast_then_grows: Vec<_> = [9_000, 6_000, 3_000, 9_000, 15_000, 21_000].into();
        assert_eq!(seen(&fast_then_grows, 30_000).drains_in_s(), None);
    }

    proptest! {
        /// A steady pace is foretold exactly, however often it is looked at.
        #[test]
        fn a_steady_pace_is_foretold(pace in 1u64..5_000, looks in 2usize..40, every_s in 1i64..120) {
            let length = |n: usize| pace * every_s as u64 * (100 - n as u64);
            let lengths: Vec<_> = (0..looks).map(length).collect();
            let left = (100 - looks as u64 + 1) * every_s as u64;
            let told = seen(&lengths, every_s * 1_000).drains_in_s().unwrap();
            prop_assert!(told.abs_diff(left) <= 1, "{told} for {left}");
        }

        #[test]
        fn no_order_of_times_breaks_it(looks in proptest::collection::vec((0i64..1_000, 0u64..1_000), 0..30)) {
            let mut trend = Trend::default();
            for (at, length) in looks {
                trend.see(UnixMs(at), length);
            }
            let _ = trend.drains_in_s();
        }
    }
}
