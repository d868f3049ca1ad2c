//! A retry policy is a value that yields delays; the next attempt is a
//! `due_at` column, never a sleeping task.

use crate::Chance;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    pub first_ms: i64,
    pub max_ms: i64,
    /// After this many attempts the item is set aside.
    pub attempts_max: u32,
}

impl RetryPolicy {
    /// Delay before attempt number `attempt + 1`, where `attempt` counts the
    /// attempts made so far (from 1). `None` when they are used up. Doubles
    /// each time, with half of it jittered; a hint of the remote is a floor.
    pub fn delay(&self, attempt: u32, hint_ms: Option<i64>, chance: &dyn Chance) -> Option<i64> {
        if attempt >= self.attempts_max {
            return None;
        }
        let doubled = self.first_ms.saturating_mul(1 << attempt.saturating_sub(1).min(30));
        let full = doubled.clamp(self.first_ms, self.max_ms);
        let jittered = full / 2 + chance.below(full as u64 / 2 + 1) as i64;
        Some(jittered.max(hint_ms.unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u64);
    impl Chance for Fixed {
        fn fill(&self, out: &mut [u8]) {
            let b = self.0.to_le_bytes();
            out.iter_mut().zip(b.iter().cycle()).for_each(|(o, b)| *o = *b);
        }
    }

    const POLICY: RetryPolicy = RetryPolicy { first_ms: 1_000, max_ms: 60_000, attempts_max: 8 };

    #[test]
    fn grows_to_its_ceiling_and_ends() {
        let low = Fixed(0);
        let delays: Vec<_> = (1..9).map(|n| POLICY.delay(n, None, &low)).collect();
        let want = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000].map(Some);
        assert_eq!(delays[..7], want);
        assert_eq!(delays[7], None);
    }

    #[test]
    fn a_hint_is_a_floor() {
        assert_eq!(POLICY.delay(1, Some(90_000), &Fixed(7)), Some(90_000));
    }
}
