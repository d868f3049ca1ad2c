//! An org's API calls: how many are left, and what may be called for how often.
//!
//! Salesforce counts the calls of all programs in any 24 hours and refuses what
//! exceeds the org's allocation (Salesforce Developer Limits, API request
//! limits and allocations). puente keeps below a ceiling of its own, so that
//! others have theirs. As the ceiling comes nearer, calls are made less often:
//! for statuses first, for what a person waits for last. Calls get larger then,
//! not more.

mod outlook;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use model::{UnixMs, Urgency};

pub use outlook::Outlook;

/// Calls are remembered by spans of five minutes.
pub const SLOT_MS: i64 = 5 * 60_000;
const DAY_MS: i64 = 24 * 60 * 60_000;
/// The slots that count.
pub const DAY_SLOTS: i64 = DAY_MS / SLOT_MS;
/// Who must wait looks again after this at the latest: others' calls may have
/// run out.
pub const LOOK_AGAIN_MS: i64 = 10 * 60_000;

/// How much of an org's allocation all programs together may have used before
/// puente waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Of the allocation, 1 to 100.
    pub percent: u32,
    /// A ceiling in calls; the lower of both holds.
    pub calls_max: Option<i64>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { percent: 80, calls_max: None }
    }
}

/// What the org told: in `Sforce-Limit-Info`, or in `/limits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Calls of all programs in the 24 hours before.
    pub used: i64,
    /// The allocation.
    pub max: i64,
    pub at: UnixMs,
}

/// Five minutes: [`slot`] names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    /// Calls that puente made.
    pub own: i64,
    /// Calls of other programs, as far as readings tell.
    pub others: i64,
    /// Messages that Salesforce came to show.
    pub messages: i64,
}

/// The number of the five minutes that `at` lies in.
pub fn slot(at: UnixMs) -> i64 {
    at.0.div_euclid(SLOT_MS)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As often as there is work.
    Free,
    /// One call in so many milliseconds.
    Every(i64),
    /// None before then.
    Wait(UnixMs),
}

/// When a lane is slowed, and when it waits: percent of the ceiling.
const fn marks(urgency: Urgency) -> (i64, i64) {
    match urgency {
        Urgency::Live => (85, 100),
        Urgency::Automatic => (65, 90),
        Urgency::Status => (50, 80),
    }
}

/// What is known of one org's calls. Kept by one holder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    policy: Policy,
    reading: Option<Reading>,
    /// Own calls since the reading.
    since: i64,
    /// The reading with which the present slot began, and own calls since.
    anchor: Option<(Reading, i64)>,
    slots: BTreeMap<i64, Slot>,
}

impl Budget {
    pub fn new(policy: Policy) -> Self {
        Self { policy, ..Self::default() }
    }

    /// As it was before a restart.
    pub fn restored(
        policy: Policy,
        reading: Option<Reading>,
        slots: impl IntoIterator<Item = (i64, Slot)>,
    ) -> Self {
        let anchor = reading.map(|reading| (reading, 0));
        Self { policy, reading, since: 0, anchor, slots: slots.into_iter().collect() }
    }

    pub fn reading(&self) -> Option<Reading> {
        self.reading
    }

    /// A call is about to be made.
    pub fn spend(&mut self, now: UnixMs) {
        self.since += 1;
        if let Some((_, own)) = &mut self.anchor {
            *own += 1;
        }
        self.slot_mut(now).own += 1;
    }

    /// So many messages are shown that were not before.
    pub fn shown(&mut self, messages: i64, now: UnixMs) {
        self.slot_mut(now).messages += messages;
    }

    /// The org told how much is used. Gives back how many calls of others that
    /// reveals; they are told once a slot, because calls under way blur each
    /// single answer.
    pub fn read(&mut self, reading: Reading) -> i64 {
        if self.reading.is_some_and(|known| known.at > reading.at) {
            return 0;
        }
        self.reading = Some(reading);
        self.since = 0;
        let (anchor, own) = *self.anchor.get_or_insert((reading, 0));
        if slot(anchor.at) == slot(reading.at) {
            return 0;
        }
        self.anchor = Some((reading, 0));
        let ended = self.ended(anchor.at, reading.at, |s| s.own + s.others);
        let others = (reading.used - anchor.used + ended - own).max(0);
        self.slot_mut(reading.at).others += others;
        others
    }

    fn slot_mut(&mut self, at: UnixMs) -> &mut Slot {
        let now = slot(at);
        self.slots = self.slots.split_off(&(now - DAY_SLOTS - 1));
        self.slots.entry(now).or_default()
    }

    /// What a day later no longer counts: whole slots that ended after `from`
    /// and until `to`.
    fn ended(&self, from: UnixMs, to: UnixMs, of: fn(&Slot) -> i64) -> i64 {
        let first = (from.0 - DAY_MS).div_euclid(SLOT_MS) + 1;
        let last = (to.0 - DAY_MS).div_euclid(SLOT_MS);
        if first >= last { 0 } else { self.slots.range(first..last).map(|(_, s)| of(s)).sum() }
    }

    /// Calls that count now: the last reading, our own since, less our own that
    /// became a day old. Of others it is assumed that they call as a day ago.
    pub fn used(&self, now: UnixMs) -> i64 {
        let Some(reading) = self.reading else {
            return self.since;
        };
        (reading.used + self.since - self.ended(reading.at, now, |s| s.own)).max(0)
    }

    /// `None` before the org has told its allocation.
    pub fn ceiling(&self) -> Option<i64> {
        let max = self.reading?.max;
        let share = max * i64::from(self.policy.percent) / 100;
        Some(self.policy.calls_max.map_or(share, |calls| calls.min(share)).max(1))
    }

    /// How often there may be a call whose most urgent work is this.
    pub fn pace(&self, urgency: Urgency, now: UnixMs) -> Pace {
        let Some(ceiling) = self.ceiling() else {
            return Pace::Free;
        };
        let (slow, stop) = marks(urgency);
        let used = self.used(now);
        if used * 100 < ceiling * slow {
            return Pace::Free;
        }
        let left = ceiling * stop / 100 - used;
        if left < 1 { Pace::Wait(self.frees_at(1 - left, now)) } else { self.steady(left, now) }
    }

    /// The fastest steady pace that uses no more than `left` and what becomes a
    /// day old meanwhile, at any time of the 24 hours that come.
    fn steady(&self, left: i64, now: UnixMs) -> Pace {
        let mut every_ms = 0;
        let mut may = left;
        for n in 1..=DAY_SLOTS {
            every_ms = every_ms.max(n * SLOT_MS / may);
            may += self.ending(n, now);
        }
        Pace::Every(every_ms)
    }

    /// Own calls that become a day old in the `n`-th five minutes from now.
    fn ending(&self, n: i64, now: UnixMs) -> i64 {
        let (from, to) = (now.plus((n - 1) * SLOT_MS), now.plus(n * SLOT_MS));
        let day_before = |at: UnixMs| (at.0 - DAY_MS).div_euclid(SLOT_MS);
        self.slots.range(day_before(from)..day_before(to)).map(|(_, s)| s.own).sum()
    }

    /// When `missing` of our own calls will be a day old, or a look is due.
    fn frees_at(&self, missing: i64, now: UnixMs) -> UnixMs {
        let mut missing = missing;
        let looks = LOOK_AGAIN_MS / SLOT_MS;
        for n in 1..=looks {
            missing -= self.ending(n, now);
            if missing <= 0 {
                return now.plus(n * SLOT_MS);
            }
        }
        now.plus(LOOK_AGAIN_MS)
    }
}
