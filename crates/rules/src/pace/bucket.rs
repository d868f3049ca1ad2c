//! A token bucket: one number and one person.

/// Tokens in thousandths, so that slow refills are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    burst_milli: i64,
    milli_per_ms_num: i64,
    milli_per_ms_den: i64,
    level_milli: i64,
    at_ms: i64,
}

impl Bucket {
    /// `burst` tokens at most, refilled with `tokens` every `per_ms`; starts
    /// with `level` tokens. `at_ms` is monotonic time.
    pub fn new(burst: i64, tokens: i64, per_ms: i64, level: i64, at_ms: i64) -> Self {
        Self {
            burst_milli: burst * 1000,
            milli_per_ms_num: tokens * 1000,
            milli_per_ms_den: per_ms.max(1),
            level_milli: level.min(burst) * 1000,
            at_ms,
        }
    }

    /// One number and one person: 45 at once, then one every 6 s.
    pub fn pair(at_ms: i64) -> Self {
        Self::new(45, 1, 6_000, 45, at_ms)
    }

    fn refill(&mut self, now_ms: i64) {
        let elapsed = now_ms.saturating_sub(self.at_ms).max(0);
        let gained = elapsed.saturating_mul(self.milli_per_ms_num) / self.milli_per_ms_den;
        if gained > 0 {
            self.level_milli = self.level_milli.saturating_add(gained).min(self.burst_milli);
            // keep the remainder: advance only by the time the gain stands for
            let used = gained.saturating_mul(self.milli_per_ms_den) / self.milli_per_ms_num;
            self.at_ms =
                if self.level_milli == self.burst_milli { now_ms } else { self.at_ms + used };
        }
    }

    /// Whether nothing was spent for so long that a new bucket would be alike.
    pub fn is_full(&mut self, now_ms: i64) -> bool {
        self.refill(now_ms);
        self.level_milli == self.burst_milli
    }

    /// How long until a token may be taken; 0 = now.
    pub fn wait_ms(&mut self, now_ms: i64) -> i64 {
        self.wait_for_ms(now_ms, 1)
    }

    /// How long until so many tokens are there; a burst at most.
    pub fn wait_for_ms(&mut self, now_ms: i64, tokens: i64) -> i64 {
        self.refill(now_ms);
        let missing = (tokens * 1000).min(self.burst_milli) - self.level_milli;
        if missing <= 0 {
            return 0;
        }
        let ms = missing.saturating_mul(self.milli_per_ms_den);
        let wait = (ms + self.milli_per_ms_num - 1) / self.milli_per_ms_num;
        (wait - (now_ms - self.at_ms)).max(1)
    }

    /// Whole tokens that are there.
    pub fn level(&mut self, now_ms: i64) -> i64 {
        self.refill(now_ms);
        self.level_milli.div_euclid(1000)
    }

    /// Spends one token.
    pub fn take(&mut self, now_ms: i64) {
        self.spend(1, now_ms);
    }

    pub fn spend(&mut self, tokens: i64, now_ms: i64) {
        self.refill(now_ms);
        self.level_milli -= tokens * 1000;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pair_gets_its_burst_then_one_every_six_seconds() {
        let mut pair = Bucket::pair(0);
        for _ in 0..45 {
            assert_eq!(pair.wait_ms(0), 0);
            pair.take(0);
        }
        assert_eq!(pair.wait_ms(0), 6_000);
        assert_eq!(pair.wait_ms(5_999), 1);
        assert_eq!(pair.wait_ms(6_000), 0);
    }

    proptest! {
        /// In any window the takes stay within burst + refill.
        #[test]
        fn never_over_the_limit(steps in proptest::collection::vec(0i64..20_000, 1..200)) {
            let mut bucket = Bucket::pair(0);
            let (mut now, mut taken) = (0i64, 0i64);
            for step in steps {
                now += step;
                while bucket.wait_ms(now) == 0 {
                    bucket.take(now);
                    taken += 1;
                }
                prop_assert!(taken <= 45 + now / 6_000);
            }
        }

        /// Waiting as told always suffices.
        #[test]
        fn the_wait_is_enough(level in 0i64..5, now in 0i64..10_000) {
            let mut bucket = Bucket::new(5, 1, 6_000, level, 0);
            let wait = bucket.wait_ms(now);
            prop_assert_eq!(bucket.wait_ms(now + wait), 0);
        }
    }
}
