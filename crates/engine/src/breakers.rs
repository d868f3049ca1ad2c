//! Which part of which remote is left alone now, and why.
//!
//! Kept in memory: a new process tries each part once and learns again. What
//! waits lies in the store, so nothing is dropped while a breaker is open.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::ids::TenantId;
use model::{Act, Ambient, Fault, RetryPolicy, Scope, UnixMs};
use parking_lot::Mutex;
pub use rules::breaker::State;
use rules::breaker::{Breaker, Pass, Sign, is_crowded, sign};
use store::Op;
use store::op::{AlertCleared, AlertRaised};

/// A short breath first, at most a minute.
const PAUSE: RetryPolicy = RetryPolicy { first_ms: 1_000, max_ms: 60_000, attempts_max: u32::MAX };
/// A second that was full is over soon; only when it is again and again, the
/// pauses become long.
const CROWDED: RetryPolicy = RetryPolicy { first_ms: 60, ..PAUSE };
/// While a person must act at the remote, a look every half minute.
const ASK_AGAIN_MS: i64 = 30_000;
/// So many failures in a row are told to people.
const TOLD_AT: u32 = 5;
const ALERT: &str = "breaker";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remote {
    WhatsApp,
    Salesforce,
}

impl Remote {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WhatsApp => "whatsapp",
            Self::Salesforce => "salesforce",
        }
    }
}

/// One scope of one remote, as a tenant sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub remote: Remote,
    pub scope: Scope,
    pub tenant: TenantId,
    /// Of a lane, number, account or org.
    pub name: String,
}

impl Key {
    pub const fn scope_word(&self) -> &'static str {
        match self.scope {
            Scope::Item => "item",
            Scope::Lane => "lane",
            Scope::Number => "number",
            Scope::Account => "account",
            Scope::Org => "org",
        }
    }
}

/// A breaker that is not closed, or has failed of late.
#[derive(Clone, Debug)]
pub struct Standing {
    pub key: Key,
    pub state: State,
    pub failures: u32,
    /// When the next call goes, by the wall.
    pub until: Option<UnixMs>,
    pub code: String,
    pub cause: String,
    pub cure: String,
}

#[derive(Clone)]
pub struct Breakers {
    ambient: Ambient,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    all: BTreeMap<Key, Held>,
    /// Keys whose alert of an earlier process was cleared since the start.
    cleared: BTreeSet<Key>,
}

#[derive(Default)]
struct Held {
    breaker: Breaker,
    fault: Option<Fault>,
    /// People were told.
    told: bool,
}

/// Leave to make one call; it ends with what the call says.
#[derive(Debug, Default)]
#[must_use]
pub struct Leave {
    probes: Vec<Key>,
}

/// What a failed call means for others, and what is written down about it.
pub struct Heard {
    /// The longest that one of its scopes is left alone from now on.
    pub pause_ms: i64,
    pub ops: Vec<Op>,
}

impl Breakers {
    pub fn new(ambient: Ambient) -> Self {
        Self { ambient, inner: Arc::default() }
    }

    /// Nothing failed of late: no scope is left alone.
    pub fn are_calm(&self) -> bool {
        self.inner.lock().all.is_empty()
    }

    /// How long these scopes are left alone; 0: a call may be made.
    pub fn wait_ms(&self, keys: &[Key]) -> i64 {
        let now = self.ambient.clock.mono();
        let inner = self.inner.lock();
        let waits = keys.iter().filter_map(|key| inner.all.get(key));
        waits.map(|held| held.breaker.wait_ms(now)).max().unwrap_or(0)
    }

    /// Leave for one call through all of these scopes, or how long to wait.
    pub fn pass(&self, keys: &[Key]) -> Result<Leave, i64> {
        let now = self.ambient.clock.mono();
        let mut inner = self.inner.lock();
        let waits = keys.iter().filter_map(|key| inner.all.get(key));
        match waits.map(|held| held.breaker.wait_ms(now)).max() {
            None | Some(0) => {}
            Some(wait) => return Err(wait),
        }
        let mut leave = Leave::default();
        for key in keys {
            if let Some(held) = inner.all.get_mut(key)
                && held.breaker.pass(now)? == Pass::Probe
            {
                leave.probes.push(key.clone());
            }
        }
        Ok(leave)
    }

    /// The call was not made.
    pub fn unused(&self, leave: Leave) {
        let now = self.ambient.clock.mono();
        let mut inner = self.inner.lock();
        for key in leave.probes {
            if let Some(held) = inner.all.get_mut(&key) {
                held.breaker.unused(now);
            }
        }
    }

    /// The call got through: all of its scopes are well. What is to be written
    /// down about it: the end of an alert.
    pub fn well(&self, keys: &[Key]) -> Vec<Op> {
        let mut inner = self.inner.lock();
        keys.iter().filter_map(|key| self.closed(&mut inner, key)).collect()
    }

    fn closed(&self, inner: &mut Inner, key: &Key) -> Option<Op> {
        let held = inner.all.remove(key);
        // an alert of an earlier process is ended by the first call that passes
        let first = key.scope >= Scope::Number && inner.cleared.insert(key.clone());
        (first || held.is_some_and(|held| held.told)).then(|| {
            Op::ClearAlert(AlertCleared {
                tenant: key.tenant.clone(),
                kind: ALERT.into(),
                subject: key.subject(),
                at: self.ambient.now(),
            })
        })
    }

    /// The call failed: what that says about each of its scopes.
    pub fn failed(&self, keys: &[Key], fault: &Fault, leave: Leave) -> Heard {
        let now = self.ambient.clock.mono();
        let mut inner = self.inner.lock();
        let mut heard = Heard { pause_ms: 0, ops: Vec::new() };
        for key in keys {
            match sign(fault, key.scope) {
                Sign::Well => heard.ops.extend(self.closed(&mut inner, key)),
                Sign::None if leave.probes.contains(key) => {
                    if let Some(held) = inner.all.get_mut(key) {
                        held.breaker.unused(now);
                    }
                }
                Sign::None => {}
                sign @ (Sign::Doubt | Sign::Down) => {
                    let held = inner.all.entry(key.clone()).or_default();
                    let pause = self.pause(held.breaker.next(), fault, sign);
                    match sign {
                        Sign::Down => held.breaker.down(now, pause),
                        _ => held.breaker.doubt(now, pause),
                    }
                    held.fault = Some(fault.clone());
                    heard.pause_ms = heard.pause_ms.max(held.breaker.wait_ms(now));
                    heard.ops.extend(self.alert(key, held, fault, sign));
                }
            }
        }
        heard
    }

    /// Grows with the failures; what the remote said is a floor.
    fn pause(&self, failures: u32, fault: &Fault, sign: Sign) -> i64 {
        let hint = match (sign, fault.act) {
            (Sign::Down, Act::Retry { after }) => after.map(|after| after.as_millis() as i64),
            (Sign::Down, Act::Renew | Act::Ask) => Some(ASK_AGAIN_MS),
            _ => None,
        };
        let policy = if is_crowded(fault) { CROWDED } else { PAUSE };
        let pause = policy.delay(failures, hint, &*self.ambient.chance);
        pause.unwrap_or(PAUSE.max_ms)
    }

    /// People are told of what they must act on, and of what lasts.
    fn alert(&self, key: &Key, held: &mut Held, fault: &Fault, sign: Sign) -> Option<Op> {
        let theirs = sign == Sign::Down && matches!(fault.act, Act::Renew | Act::Ask | Act::Reject);
        let lasts = held.breaker.failures() == TOLD_AT && held.breaker.state() != State::Closed;
        if key.scope < Scope::Number || !(theirs || lasts) {
            return None;
        }
        held.told = true;
        Some(Op::RaiseAlert(AlertRaised {
            tenant: key.tenant.clone(),
            kind: ALERT.into(),
            subject: key.subject(),
            text: fault.to_string(),
            at: self.ambient.now(),
        }))
    }

    /// Of one tenant, or of all: those that are not closed.
    pub fn standing(&self, tenant: Option<&TenantId>) -> Vec<Standing> {
        let (wall, mono) = (self.ambient.now(), self.ambient.clock.mono());
        let inner = self.inner.lock();
        let of = inner.all.iter().filter(|(key, held)| {
            tenant.is_none_or(|tenant| key.tenant == *tenant)
                && held.breaker.state() != State::Closed
        });
        of.map(|(key, held)| Standing {
            key: key.clone(),
            state: held.breaker.state(),
            failures: held.breaker.failures(),
            until: match held.breaker.state() {
                State::Open { until_ms } => Some(wall.plus((until_ms - mono).max(0))),
                State::Closed | State::HalfOpen { .. } => None,
            },
            code: held.fault.as_ref().map(|f| f.code.to_string()).unwrap_or_default(),
            cause: held.fault.as_ref().map(|f| f.detail.clone()).unwrap_or_default(),
            cure: held.fault.as_ref().map(|f| f.cure.clone().into_owned()).unwrap_or_default(),
        })
        .collect()
    }
}

impl Key {
    /// Of its alert.
    fn subject(&self) -> String {
        format!("{} {} {}", self.remote.as_str(), self.scope_word(), self.name)
    }
}
