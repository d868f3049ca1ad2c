//! The daily quota of calls.

/// Calls since the window of 24 hours began.
#[derive(Debug)]
pub struct Usage {
    pub max: u64,
    pub used: u64,
    /// All calls since the start: never reset by a new day.
    pub total: u64,
    day_began_ms: i64,
}

impl Usage {
    pub fn new(max: u64, now_ms: i64) -> Self {
        Self { max, used: 0, total: 0, day_began_ms: now_ms }
    }

    /// Counts one call; false when the quota is used up.
    pub fn spend(&mut self, now_ms: i64) -> bool {
        if now_ms - self.day_began_ms >= 86_400_000 {
            (self.used, self.day_began_ms) = (0, now_ms);
        }
        if self.used >= self.max {
            return false;
        }
        self.used += 1;
        self.total += 1;
        true
    }

    /// The value of `Sforce-Limit-Info`.
    pub fn header(&self) -> String {
        format!("api-usage={}/{}", self.used, self.max)
    }
}
