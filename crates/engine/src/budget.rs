//! One org's API calls: counted before they are made, paced, written down with
//! the work they are for.
//!
//! Promises: no call beyond the ceiling but one in ten minutes that asks how
//! much is used; a count outlives the process; who holds an org's writer holds
//! its budget, so there is one count.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::ids::TenantId;
use model::{UnixMs, Urgency};
use parking_lot::Mutex;
use rules::budget::{Budget, LOOK_AGAIN_MS, Outlook, Pace, Policy, Reading, Slot, slot};
use store::op::{AlertCleared, AlertRaised, BudgetStanding, BudgetStep};
use store::{Op, Store, StoreError};

/// A call waits so long after the one before for others to come along, unless
/// it is half full: at 80 messages a second twenty of them share a call.
const GATHER_MS: i64 = 250;
/// Without a call for so long, the org is asked how much is used.
const IDLE_MS: i64 = 30 * 60_000;
const ALERT: &str = "salesforce_budget";

/// Writes of records.
pub const WRITE: &str = "write";
/// Steps of Bulk jobs.
pub const BULK: &str = "bulk";
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
    /// Not in the store yet.
    calls: BTreeMap<&'static str, i64>,
    others: i64,
    messages: i64,
    lock_errors: i64,
    called_at: UnixMs,
    asked_at: UnixMs,
    /// `None`: not known whether an alert is open.
    alerted: Option<bool>,
}

impl Governor {
    pub fn new(tenant: TenantId, policy: Policy) -> Self {
        let inner = Inner {
            policy,
            budget: Budget::new(policy),
            calls: BTreeMap::new(),
            others: 0,
            messages: 0,
            lock_errors: 0,
            called_at: UnixMs(0),
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

    /// What is to be written down. It is [`Governor::noted`] when it was.
    pub fn step(&self, now: UnixMs) -> Step {
        let inner = self.inner.lock();
        let outlook = inner.budget.outlook(now);
        let standing =
            inner.budget.reading().zip(outlook.as_ref()).map(|(reading, o)| BudgetStanding {
                used: reading.used,
                max: reading.max,
                read_at: reading.at,
                ceiling: o.ceiling,
                exhausted_at: o.exhausted_at,
                slowed: o.slowed.len() as u32,
                waiting: o.waiting.len() as u32,
            });
        let warns = outlook.as_ref().is_some_and(|o| o.warns(inner.alerted == Some(true), now));
        Step {
            counts: BudgetStep {
                tenant: self.tenant.clone(),
                slot: slot(now),
                calls: inner.calls.iter().map(|(kind, n)| (*kind, *n)).collect(),
                others: inner.others,
                messages: inner.messages,
                lock_errors: inner.lock_errors,
                standing,
            },
            alert: (inner.alerted != Some(warns)).then(|| self.alert(outlook.as_ref(), warns, now)),
            warns,
        }
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
    pub fn noted(&self, step: &Step) {
        let mut inner = self.inner.lock();
        for (kind, noted) in &step.counts.calls {
            if let Some(n) = inner.calls.get_mut(kind) {
                *n -= noted;
            }
        }
        inner.calls.retain(|_, n| *n > 0);
        inner.others -= step.counts.others;
        inner.messages -= step.counts.messages;
        inner.lock_errors -= step.counts.lock_errors;
        inner.alerted = Some(step.warns);
    }
}

/// What a governor writes down at one moment.
#[derive(Clone, Debug)]
pub struct Step {
    counts: BudgetStep,
    alert: Option<Op>,
    warns: bool,
}

impl Step {
    pub fn ops(&self) -> impl Iterator<Item = Op> {
        std::iter::once(Op::Budget(self.counts.clone())).chain(self.alert.clone())
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

#[cfg(test)]
mod tests {
    use store::MasterKey;

    use super::*;
    use crate::stage::{NOW, ambient};

    async fn governor(store: &Store) -> Governor {
        let governor = Governor::new(TenantId::new("acme"), Policy::default());
        governor.reload(store).await.unwrap();
        governor
    }

    fn told(used: u64) -> Option<salesforce::Budget> {
        Some(salesforce::Budget { used, max: 15_000 })
    }

    async fn commit(store: &Store, governor: &Governor, now: UnixMs) {
        let step = governor.step(now);
        store.commit(store::Commit::of(step.ops().collect())).await.unwrap();
        governor.noted(&step);
    }

    #[tokio::test]
    async fn counts_and_alerts_outlive_the_process() {
        let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient()).unwrap();
        let tenant = TenantId::new("acme");
        let row = store::op::TenantRow { tenant: tenant.clone(), org: None, at: NOW };
        store.commit(store::Commit::of(vec![Op::PutTenant(row)])).await.unwrap();
        let first = governor(&store).await;
        for _ in 0..3 {
            first.spend(WRITE, NOW);
        }
        first.read(told(12_000), NOW);
        first.wrote(40, 2, NOW);
        commit(&store, &first, NOW).await;
        commit(&store, &first, NOW).await;
        let known = store.api_budget(&tenant).await.unwrap();
        assert_eq!((known.messages, known.lock_errors), (40, 2), "noted once");
        assert_eq!(known.calls, [(WRITE.to_owned(), 3)]);
        let alerts = store.alerts_open(&tenant).await.unwrap();
        assert!(alerts[0].text.contains("waiting: live, automatic, status"), "{alerts:?}");

        let second = governor(&store).await;
        assert_eq!(second.outlook(NOW), first.outlook(NOW));
        assert!(second.may_call(Urgency::Live, true, NOW).is_err());
        let later = NOW.plus(60_000);
        second.read(told(100), later);
        assert_eq!(second.may_call(Urgency::Status, false, later), Ok(()));
        commit(&store, &second, later).await;
        assert!(store.alerts_open(&tenant).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_call_waits_a_moment_for_company_unless_it_is_full() {
        let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient()).unwrap();
        let governor = governor(&store).await;
        assert_eq!(governor.may_call(Urgency::Live, false, NOW), Ok(()), "at once when idle");
        governor.called(NOW);
        let soon = NOW.plus(10);
        assert_eq!(governor.may_call(Urgency::Live, true, soon), Ok(()));
        assert_eq!(governor.may_call(Urgency::Live, false, soon), Err(NOW.plus(GATHER_MS)));
    }

    #[tokio::test]
    async fn the_org_is_asked_when_nothing_was_heard_for_long() {
        let store = Store::open_memory(MasterKey::from_bytes([7; 32]), ambient()).unwrap();
        let governor = governor(&store).await;
        assert!(!governor.is_stale(NOW), "the first call will tell");
        governor.read(told(1), NOW);
        assert!(!governor.is_stale(NOW.plus(IDLE_MS - 1)));
        assert!(governor.is_stale(NOW.plus(IDLE_MS)));
        assert!(!governor.is_stale(NOW.plus(IDLE_MS + 1)), "once");
        let later = NOW.plus(2 * IDLE_MS);
        governor.read(told(15_000), later);
        assert!(governor.is_stale(later.plus(LOOK_AGAIN_MS)), "sooner when calls wait");
    }
}
