//! A small generator of our own, so that a seed means the same run for ever.

/// xoshiro256++, filled by splitmix64.
///
/// [`Seed::fork`] depends on where the seed came from and not on how much of
/// it was used: adding a draw in one place changes no other place.
#[derive(Clone, Debug)]
pub struct Seed {
    origin: u64,
    state: [u64; 4],
}

impl Seed {
    pub fn new(origin: u64) -> Self {
        let mut mix = origin;
        Self { origin, state: std::array::from_fn(|_| splitmix(&mut mix)) }
    }

    /// An independent seed for the part of the run called `label`.
    pub fn fork(&self, label: &str) -> Self {
        // FNV-1a over the label, then mixed with where this seed came from.
        let named = label
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ b as u64).wrapping_mul(0x0100_0000_01b3));
        let mut mix = self.origin.rotate_left(23) ^ named;
        Self::new(splitmix(&mut mix))
    }

    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.state;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// A number in `0..n`; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// A number in `low..=high`; `low` when they are the wrong way round.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as u64) as i64
    }

    /// True in a share `p` of the draws: never at 0, always at 1.
    pub fn chance(&mut self, p: f64) -> bool {
        ((self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64) < p
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len() as u64) as usize)
    }

    pub fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            let bytes = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_is_the_published_one() {
        let mut state = 1_234_567;
        let drawn: Vec<_> = (0..3).map(|_| splitmix(&mut state)).collect();
        assert_eq!(
            drawn,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn forks_do_not_depend_on_use() {
        let fresh = Seed::new(7);
        let mut used = Seed::new(7);
        used.next_u64();
        assert_eq!(fresh.fork("a").next_u64(), used.fork("a").next_u64());
        assert_ne!(fresh.fork("a").next_u64(), fresh.fork("b").next_u64());
        assert_ne!(fresh.fork("a").next_u64(), Seed::new(8).fork("a").next_u64());
    }

    #[test]
    fn draws_stay_in_their_range_and_reach_its_ends() {
        let mut seed = Seed::new(1);
        let mut seen = [0_u32; 6];
        (0..6_000).for_each(|_| seen[seed.below(6) as usize] += 1);
        assert!(seen.iter().all(|n| (800..1_200).contains(n)), "{seen:?}");
        assert_eq!(seed.below(0), 0);
        assert!((0..200).all(|_| (-3..=4).contains(&seed.between(-3, 4))));
        assert_eq!(seed.between(9, 2), 9);
        assert!((0..200).all(|_| !seed.chance(0.0) && seed.chance(1.0)));
        assert_eq!(seed.pick::<u8>(&[]), None);
        let mut bytes = [0; 19];
        seed.fill(&mut bytes);
        assert!(bytes[16..].iter().any(|b| *b != 0));
    }
}
