//! Time and chance, handed in.

use std::sync::Arc;

/// Milliseconds since 1970-01-01T00:00:00Z. The unit of every time in the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMs(pub i64);

impl UnixMs {
    pub const fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`; negative when `earlier` is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Days since 1970-01-01, UTC: the partition of tombstone keys.
    pub const fn day(self) -> i32 {
        (self.0.div_euclid(86_400_000)) as i32
    }
}

pub trait Clock: Send + Sync {
    /// Wall time. May jump; the lease rules use the database's clock instead.
    fn wall(&self) -> UnixMs;

    /// Milliseconds from an arbitrary start; never goes back.
    fn mono(&self) -> i64;
}

/// Unpredictable bytes in production, seeded ones in a simulation.
pub trait Chance: Send + Sync {
    fn fill(&self, out: &mut [u8]);

    fn u64(&self) -> u64 {
        let mut b = [0; 8];
        self.fill(&mut b);
        u64::from_le_bytes(b)
    }

    /// A number in `0..n`; 0 when `n` is 0.
    fn below(&self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.u64() % n }
    }
}

/// The two sources every part that needs time or chance is given.
#[derive(Clone)]
pub struct Ambient {
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
}

impl Ambient {
    pub fn now(&self) -> UnixMs {
        self.clock.wall()
    }
}

impl std::fmt::Debug for Ambient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ambient")
    }
}
