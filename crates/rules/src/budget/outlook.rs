//! What is said about a budget, and when somebody must know.

use model::{UnixMs, Urgency};

use super::{Budget, DAY_SLOTS, Pace, SLOT_MS, slot};

/// The pace at present is that of so many whole slots and the one that runs.
const RECENT_SLOTS: i64 = 3;
/// Warned of when it is nearer than this; no longer when it is farther than that.
const NEAR_MS: i64 = 6 * 60 * 60_000;
const FAR_MS: i64 = 9 * 60 * 60_000;
/// A ceiling of which less than this is used is not warned of: percent.
const EARLY: i64 = 25;

/// Where an org's calls stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// Calls of all programs in the last 24 hours.
    pub used: i64,
    /// What the org allows in 24 hours.
    pub max: i64,
    /// What puente lets be used.
    pub ceiling: i64,
    /// When the ceiling is reached at the pace of the last quarter of an hour;
    /// `None`: not within a day.
    pub exhausted_at: Option<UnixMs>,
    /// Own calls of the last 24 hours for each message that came to be shown.
    pub calls_per_message: Option<f64>,
    pub slowed: Vec<Urgency>,
    pub waiting: Vec<Urgency>,
}

impl Budget {
    /// `None` before the org has told its allocation.
    pub fn outlook(&self, now: UnixMs) -> Option<Outlook> {
        let with = |fits: fn(Pace) -> bool| {
            Urgency::ALL.into_iter().filter(|u| fits(self.pace(*u, now))).collect()
        };
        Some(Outlook {
            used: self.used(now),
            max: self.reading?.max,
            ceiling: self.ceiling()?,
            exhausted_at: self.exhausted_at(now),
            calls_per_message: self.calls_per_message(now),
            slowed: with(|pace| matches!(pace, Pace::Every(_))),
            waiting: with(|pace| matches!(pace, Pace::Wait(_))),
        })
    }

    fn exhausted_at(&self, now: UnixMs) -> Option<UnixMs> {
        let ceiling = self.ceiling()?;
        let used = self.used(now);
        if used >= ceiling {
            return Some(now);
        }
        let first = slot(now) - RECENT_SLOTS;
        let recent: i64 = self.slots.range(first..).map(|(_, s)| s.own + s.others).sum();
        let span_ms = now.0 - first * SLOT_MS;
        let mut used = used as f64;
        for n in 1..=DAY_SLOTS {
            let made = recent as f64 * SLOT_MS as f64 / span_ms as f64;
            let left = ceiling as f64 - used;
            if made >= left && recent > 0 {
                let into_ms = (left / made * SLOT_MS as f64) as i64;
                return Some(now.plus((n - 1) * SLOT_MS + into_ms));
            }
            used += made - self.ending(n, now) as f64;
        }
        None
    }

    fn calls_per_message(&self, now: UnixMs) -> Option<f64> {
        let day = self.slots.range(slot(now) - DAY_SLOTS..);
        let (calls, messages) =
            day.fold((0, 0), |(calls, messages), (_, s)| (calls + s.own, messages + s.messages));
        (messages > 0).then(|| calls as f64 / messages as f64)
    }
}

impl Outlook {
    /// Whether a person must know. `known`: they do already; then it takes more
    /// to call the warning off than it took to raise it.
    pub fn warns(&self, known: bool, now: UnixMs) -> bool {
        let near_ms = if known { FAR_MS } else { NEAR_MS };
        let near = self.exhausted_at.is_some_and(|at| at.since(now) < near_ms);
        let early = self.used * 100 < self.ceiling * EARLY;
        !self.waiting.is_empty() || !self.slowed.is_empty() || (near && !early)
    }
}
