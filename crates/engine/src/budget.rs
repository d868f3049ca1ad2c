//! One org's API calls: counted before they are made, paced, written down with
//! the work they are for.
//!
//! Promises: no call beyond the ceiling but one in ten minutes that asks how
//! much is used; a count outlives the process; who holds an org's writer holds
//! its budget, so there is one count.

mod step;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::TenantId;
use model::{UnixMs, Urgency};
use parking_lot::Mutex;
use rules::budget::{Budget, LOOK_AGAIN_MS, Outlook, Pace, Policy, Reading, Slot, slot};
use store::op::{AlertCleared, AlertRaised, BudgetStanding, BudgetStep};
use store::{Op, Store, StoreError};

pub use step::Step;

/// A call waits so long after the one before for others to come along, unless
/// it is half full: at 80 messages a second twenty of them share a call.
const GATHER_MS: i64 = 250;
/// Without a call for so long, the org is asked how much is used.
const IDLE_MS: i64 = 30 * 60_000;
/// Who waits until this process holds the writer looks again after so long.
const HELD_LOOK_MS: i64 = 1_000;
const ALERT: &str = "salesforce_budget";

/// Writes of records.
pub const WRITE: &str = "write";
/// Steps of Bulk jobs.
pub const BULK: &str = "bulk";
/// Files: looked up, uploaded, linked, downloaded.
pub const FILES: &str = "files";
/// How much is used.
pub const LIMITS: &str = "limits";

#[derive(Clone)]
pub struct Governor {
    tenant: TenantId,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    policy: Policy,
    budget: Budget,
    /// This process holds the org's writer: what it knows of the calls is all
    /// there is to know.
    held: bool,
    /// Not in the store yet, nor on the way there.
    calls: BTreeMap<&'static str, i64>,
    others: i64,
    messages: i64,
    lock_errors: i64,
    called_at: UnixMs,
    filed_at: UnixMs,
    asked_at: UnixMs,
    /// `None`: not known whether an alert is open.
    alerted: Option<bool>,
}

impl Governor {
    pub fn new(tenant: TenantId, policy: Policy) -> Self {
        let inner = Inner {
            policy,
            budget: Budget::new(policy),
            held: false,
            calls: BTreeMap::new(),
            others: 0,
            messages: 0,
            lock_errors: 0,
            called_at: UnixMs(0),
            filed_at: UnixMs(0),
            asked_at: UnixMs(0),
            alerted: None,
        };
        Self { tenant, inner: Arc::new(Mutex::new(inner)) }
    }

    /// Learns what the store remembers, from an earlier process or another one.
    pub async fn reload(&self, store: &Store) -> Result<(), StoreError> {
        let known = store.api_budget(&self.tenant).await?;
        let reading = known.standing.map(|s| Reading { used: s.used, max: s.max, at: s.read_at });
        let slots = known
            .slots
            .into_iter()
            .map(|s| (s.slot, Slot { own: s.own, others: s.others, messages: s.messages }));
        let mut inner = self.inner.lock();
        inner.budget = Budget::restored(inner.policy, reading, slots);
        // the last answer came after the last call: who begins anew has none to spare
        inner.called_at = inner.called_at.max(reading.map_or(UnixMs(0), |reading| reading.at));
        inner.alerted = None;
        Ok(())
    }

    /// The org's writer is held by this process, which has learned what the one
    /// before counted; or it is another's, and so are the counts.
    pub fn hold(&self, held: bool) {
        self.inner.lock().held = held;
    }

    /// Whether there may be a call now whose most urgent work is this, else
    /// when. `full`: there is so much of it that waiting gains nothing.
    pub fn may_call(&self, urgency: Urgency, full: bool, now: UnixMs) -> Result<(), UnixMs> {
        let inner = self.inner.lock();
        let gather_ms = if full { 0 } else { GATHER_MS };
        let from = match inner.budget.pace(urgency, now) {
            Pace::Free => inner.called_at.plus(gather_ms),
            Pace::Every(ms) => inner.called_at.plus(ms.max(gather_ms)),
            Pace::Wait(until) => until.max(now.plus(1)),
        };
        if from <= now { Ok(()) } else { Err(from) }
    }

    /// As [`Governor::may_call`], for a call about a file, which it decides on.
    ///
    /// Files have a pace of their own: they never push back a write's turn, and
    /// a busy writer never takes theirs. What keeps them behind is their urgency,
    /// whose mark they reach before writes do. Only who holds the org's writer
    /// may call for them: nobody else knows how much is used.
    pub fn may_file(&self, urgency: Urgency, now: UnixMs) -> Result<(), UnixMs> {
        let mut inner = self.inner.lock();
        if !inner.held {
            return Err(now.plus(HELD_LOOK_MS));
        }
        let from = match inner.budget.pace(urgency, now) {
            Pace::Free => now,
            Pace::Every(ms) => inner.filed_at.plus(ms),
            Pace::Wait(until) => until.max(now.plus(1)),
        };
        if from > now {
            return Err(from);
        }
        inner.filed_at = now;
        Ok(())
    }

    /// A call was decided on.
    pub fn called(&self, now: UnixMs) {
        self.inner.lock().called_at = now;
    }

    /// A call is about to be made.
    pub fn spend(&self, kind: &'static str, now: UnixMs) {
        let mut inner = self.inner.lock();
        inner.budget.spend(now);
        *inner.calls.entry(kind).or_default() += 1;
    }

    /// What an answer told. [`None`]: nothing.
    pub fn read(&self, told: Option<salesforce::Budget>, now: UnixMs) {
        let Some(told) = told else { return };
        let reading = Reading {
            used: i64::try_from(told.used).unwrap_or(i64::MAX),
            max: i64::try_from(told.max).unwrap_or(i64::MAX),
            at: now,
        };
        let mut inner = self.inner.lock();
        let others = inner.budget.read(reading);
        inner.others += others;
    }

    /// So many messages are shown that were not before, and so many rows were
    /// held by somebody else.
    pub fn wrote(&self, messages: i64, lock_errors: i64, now: UnixMs) {
        let mut inner = self.inner.lock();
        inner.budget.shown(messages, now);
        inner.messages += messages;
        inner.lock_errors += lock_errors;
    }

    /// The reading is old: the org is to be asked. Says so once in that time.
    pub fn is_stale(&self, now: UnixMs) -> bool {
        let mut inner = self.inner.lock();
        let Some(reading) = inner.budget.reading() else {
            return false;
        };
        let waits = matches!(inner.budget.pace(Urgency::Live, now), Pace::Wait(_));
        let after = if waits { LOOK_AGAIN_MS } else { IDLE_MS };
        let stale = now.since(reading.at.max(inner.asked_at)) >= after;
        if stale {
            inner.asked_at = now;
        }
        stale
    }

    pub fn outlook(&self, now: UnixMs) -> Option<Outlook> {
        self.inner.lock().budget.outlook(now)
    }

    /// What is to be written down. It is [`Governor::noted`] when it was; else,
    /// once it is dropped, it is to be written down by somebody's next step.
    ///
    /// Who counts need not hold the writer at the time of writing: counts are
    /// added to what is there, and each is in one step only. The standing
    /// replaces the one before, so only the holder tells it.
    pub fn step(&self, now: UnixMs) -> Step {
        let mut inner = self.inner.lock();
        let outlook = inner.budget.outlook(now);
        let reading = inner.budget.reading().filter(|_| inner.held);
        let standing = reading.zip(outlook.as_ref()).map(|(reading, o)| BudgetStanding {
            used: reading.used,
            max: reading.max,
            read_at: reading.at,
            ceiling: o.ceiling,
            exhausted_at: o.exhausted_at,
            slowed: o.slowed.len() as u32,
            waiting: o.waiting.len() as u32,
        });
        let warns = outlook.as_ref().is_some_and(|o| o.warns(inner.alerted == Some(true), now));
        let alert = (inner.held && inner.alerted != Some(warns))
            .then(|| self.alert(outlook.as_ref(), warns, now));
        let counts = BudgetStep {
            tenant: self.tenant.clone(),
            slot: slot(now),
            calls: std::mem::take(&mut inner.calls).into_iter().collect(),
            others: std::mem::take(&mut inner.others),
            messages: std::mem::take(&mut inner.messages),
            lock_errors: std::mem::take(&mut inner.lock_errors),
            standing,
        };
        Step::new(self.clone(), counts, alert, warns)
    }

    fn alert(&self, outlook: Option<&Outlook>, warns: bool, at: UnixMs) -> Op {
        let (tenant, kind, subject) = (self.tenant.clone(), ALERT.into(), "calls".into());
        match outlook.filter(|_| warns) {
            Some(outlook) => {
                Op::RaiseAlert(AlertRaised { tenant, kind, subject, text: words(outlook), at })
            }
            None => Op::ClearAlert(AlertCleared { tenant, kind, subject, at }),
        }
    }

    /// The step is in the store.
    pub fn noted(&self, step: Step) {
        self.inner.lock().alerted = Some(step.warns());
        step.written();
    }

    /// The step is not in the store, or nobody knows: to be written down anew.
    fn put_back(&self, counts: &mut BudgetStep) {
        let mut inner = self.inner.lock();
        for (kind, calls) in std::mem::take(&mut counts.calls) {
            *inner.calls.entry(kind).or_default() += calls;
        }
        inner.others += std::mem::take(&mut counts.others);
        inner.messages += std::mem::take(&mut counts.messages);
        inner.lock_errors += std::mem::take(&mut counts.lock_errors);
    }
}

fn words(outlook: &Outlook) -> String {
    let Outlook { used, max, ceiling, exhausted_at, slowed, waiting, .. } = outlook;
    let mut text =
        format!("API calls: {used} of the ceiling of {ceiling} are used; the org allows {max}");
    if waiting.contains(&Urgency::Live) {
        text.push_str("; calls wait until earlier ones are a day old");
    } else if let Some(at) = exhausted_at {
        let (h, m) = (at.0.div_euclid(3_600_000) % 24, at.0.div_euclid(60_000) % 60);
        text.push_str(&format!("; at this pace the ceiling is reached at {h:02}:{m:02} UTC"));
    }
    let names = |list: &[Urgency]| list.iter().map(|u| u.as_str()).collect::<Vec<_>>().join(", ");
    if !slowed.is_empty() {
        text.push_str(&format!("; slowed: {}", names(slowed)));
    }
    if !waiting.is_empty() {
        text.push_str(&format!("; waiting: {}", names(waiting)));
    }
    text
}
