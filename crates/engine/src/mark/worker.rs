//! Looks at the mark at a start and each hour, and writes it.

use std::sync::Arc;
use std::time::Duration;

use model::ids::{PhoneNumberId, TenantId};
use model::{Ambient, Fault, RetryPolicy, Stage, UnixMs};
use parking_lot::Mutex;
use rules::mark::{Doubt, Here, judge};
use store::op::{AlertCleared, AlertRaised, HoldRaised};
use store::{Commit, HoldWhy, Installation, Op, Store, StoreError};
use tokio_util::sync::CancellationToken;

use super::gate::Gate;
use super::outside::{self, Found, Mark};
use super::state::{self, State};
use crate::hold::{Matching, is_asked};
use crate::nudge::{Nudge, Nudges, Woken, outlast};

const HOURLY: Duration = Duration::from_secs(3_600);
/// While sends are held, Salesforce is asked about them this often.
const WHILE_HELD: Duration = Duration::from_secs(60);
/// Until the first look succeeds, for as long as nobody answers: sends wait.
const AT_START: RetryPolicy =
    RetryPolicy { first_ms: 5_000, max_ms: 60_000, attempts_max: u32::MAX };
/// Else: who refuses (the calls of a day are used up, the sign-in is over) will
/// do so for long.
const AFTER_A_FAILURE: RetryPolicy =
    RetryPolicy { first_ms: 300_000, max_ms: 3_600_000, attempts_max: u32::MAX };
const AFTER_THE_STORE: Duration = Duration::from_secs(5);
/// A process that stops does not wait longer to say so.
const GOODBYE: Duration = Duration::from_secs(3);
/// Open while a tenant's numbers are in doubt.
pub const ALERT: &str = "mark";
const HELD_ALERT: &str = "restore";
/// Kind and subject of what is told about a hold.
pub const ALERTS: [(&str, &str); 2] = [(ALERT, "outside"), (HELD_ALERT, "held")];
const ASK_FIRST_MS: i64 = 60_000;

/// The worker of one tenant.
#[derive(Clone)]
pub struct Marker {
    pub tenant: TenantId,
    pub numbers: Vec<PhoneNumberId>,
    pub store: Store,
    pub ambient: Ambient,
    pub client: Arc<salesforce::Client>,
    pub nudges: Nudges,
    pub gate: Gate,
    /// Of this process: nobody else has it.
    pub session: String,
    /// Where the database lies ([`Store::place`]).
    pub place: String,
    /// The last look that found everything in order.
    pub seen: Arc<Mutex<Option<UnixMs>>>,
    pub asking: Arc<Mutex<Asking>>,
    /// Looks that failed, one after the other.
    pub failures: Arc<Mutex<u32>>,
}

/// When Salesforce is asked about held sends again.
#[derive(Debug)]
pub struct Asking {
    next: UnixMs,
    pause_ms: i64,
}

impl Default for Asking {
    fn default() -> Self {
        Self { next: UnixMs(0), pause_ms: 0 }
    }
}

/// How a look ended.
enum Looked {
    Ours,
    Held,
    /// Salesforce did not answer.
    Unknown,
    Refused,
}

impl Marker {
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        let timer = Nudge::default();
        loop {
            let pause = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                pause = self.turn() => match pause {
                    Ok(pause) => pause,
                    Err(error) => outlast("mark", error).map(|()| AFTER_THE_STORE)?,
                },
            };
            if timer.wait(pause, &stop).await == Woken::Stop {
                break;
            }
        }
        let _ = tokio::time::timeout(GOODBYE, self.stop()).await;
        Ok(())
    }

    /// Looks, if it is time, and asks about what is held; how long to wait.
    async fn turn(&self) -> Result<Duration, StoreError> {
        let now = self.ambient.now();
        let fresh = |at: UnixMs| now.since(at) < HOURLY.as_millis() as i64;
        let due = self.gate.waits_for(&self.tenant) || !self.seen.lock().is_some_and(fresh);
        let pause = match if due { self.look().await? } else { Looked::Ours } {
            Looked::Ours => HOURLY,
            Looked::Held => WHILE_HELD,
            Looked::Unknown if self.gate.waits_for(&self.tenant) => self.failed(AT_START),
            Looked::Unknown | Looked::Refused => self.failed(AFTER_A_FAILURE),
        };
        let held = self.store.hold().await?.is_some();
        self.gate.set_held(held);
        let asked = is_asked(&self.store, &self.tenant).await?;
        if !held && asked {
            return Ok(pause);
        }
        self.ask(now, asked).await?;
        Ok(pause.min(WHILE_HELD))
    }

    /// Asks Salesforce about the held sends: at once, then less and less often
    /// while it knows nothing new. Until it was asked once, nothing is written
    /// there, so it is not left for long.
    async fn ask(&self, now: UnixMs, asked: bool) -> Result<(), StoreError> {
        if now < self.asking.lock().next {
            return Ok(());
        }
        let matching = Matching {
            tenant: self.tenant.clone(),
            store: self.store.clone(),
            ambient: self.ambient.clone(),
            client: self.client.clone(),
            nudges: self.nudges.clone(),
        };
        let answer = matching.turn().await?;
        let news = matches!(&answer, Ok(matched) if matched.sent > 0);
        {
            let mut asking = self.asking.lock();
            let pause = if news { 0 } else { asking.pause_ms * 2 };
            let most = if asked { HOURLY.as_millis() as i64 } else { ASK_FIRST_MS };
            asking.pause_ms = pause.clamp(ASK_FIRST_MS, most);
            asking.next = now.plus(asking.pause_ms);
        }
        match answer {
            Ok(matched) => {
                tracing::info!(tenant = %self.tenant, ?matched, "held sends were asked about");
                self.tell(matched.left).await
            }
            Err(fault) => {
                tracing::warn!(tenant = %self.tenant, code = %fault.code, "held sends could not be matched");
                Ok(())
            }
        }
    }

    async fn tell(&self, left: u64) -> Result<(), StoreError> {
        let (tenant, at) = (self.tenant.clone(), self.ambient.now());
        let (kind, subject) = (HELD_ALERT.to_owned(), "held".to_owned());
        let op = if left == 0 {
            Op::ClearAlert(AlertCleared { tenant, kind, subject, at })
        } else {
            let text = format!(
                "Nothing is sent: of {left} sends nobody knows whether they were made before the \
                 restore. `puente restore status` lists them, `puente restore release` sends or \
                 drops them."
            );
            Op::RaiseAlert(AlertRaised { tenant, kind, subject, text, at })
        };
        self.store.commit(Commit::of(vec![op])).await.map(drop)
    }

    async fn look(&self) -> Result<Looked, StoreError> {
        if self.numbers.is_empty() {
            return self.ours().await;
        }
        let state = State::load(&self.store, &self.tenant).await?;
        let found = match outside::read(&self.client, &self.numbers).await {
            Ok(found) => found,
            Err(fault) => return self.unknown(fault, state.as_ref()).await,
        };
        let installation = self.store.installation().await?;
        let remembered = state.clone().unwrap_or_default();
        let high_water = self.high_water(&remembered).await?;
        let taken = remembered.take;
        if !taken
            && let Some((number, doubt)) = self.doubt(&found, &remembered, installation, high_water)
        {
            return self.hold(&number, doubt).await;
        }
        // What is written next is known here before it is known there.
        let sessions = state::sessions(remembered.sessions, &self.session, &found);
        let next = State { sessions, place: Some(self.place.clone()), high_water, take: taken };
        self.store.commit(Commit::of(vec![next.save(&self.tenant)])).await?;
        if let Err(fault) = self.write(&found, installation, high_water, Some(&self.session)).await
        {
            return self.unknown(fault, state.as_ref()).await;
        }
        if taken {
            let done = State { take: false, ..next };
            self.store.commit(Commit::of(vec![done.save(&self.tenant)])).await?;
        }
        self.ours().await
    }

    fn doubt(
        &self,
        found: &[Found],
        remembered: &State,
        installation: Installation,
        high_water: i64,
    ) -> Option<(PhoneNumberId, Doubt)> {
        let id = installation.id.to_string();
        let here = Here {
            installation: &id,
            generation: installation.generation,
            high_water,
            session: &self.session,
            known: &remembered.sessions,
            same_place: remembered.place.as_ref() == Some(&self.place),
        };
        let doubt =
            |found: &Found| Some((found.number.clone(), judge(&here, found.there.as_ref()).err()?));
        found.iter().find_map(doubt)
    }

    async fn high_water(&self, remembered: &State) -> Result<i64, StoreError> {
        let begun = self.store.last_begun(&self.tenant).await?.map_or(0, |at| at.0);
        Ok(begun.max(remembered.high_water))
    }

    async fn write(
        &self,
        found: &[Found],
        installation: Installation,
        high_water: i64,
        session: Option<&str>,
    ) -> Result<(), Fault> {
        let (id, at) = (installation.id.to_string(), self.ambient.now());
        let generation = installation.generation;
        let mark = Mark { installation: &id, generation, high_water, session, at };
        outside::write(&self.client, found, &mark).await
    }

    async fn ours(&self) -> Result<Looked, StoreError> {
        let at = self.ambient.now();
        let (tenant, kind) = (self.tenant.clone(), ALERT.to_owned());
        let clear = AlertCleared { tenant, kind, subject: "outside".into(), at };
        self.store.commit(Commit::of(vec![Op::ClearAlert(clear)])).await?;
        *self.seen.lock() = Some(at);
        *self.failures.lock() = 0;
        self.pass();
        Ok(Looked::Ours)
    }

    /// The hold is in the store, so the gate may open.
    async fn hold(&self, number: &PhoneNumberId, doubt: Doubt) -> Result<Looked, StoreError> {
        let at = self.ambient.now();
        let why = why(doubt);
        let alert = AlertRaised {
            tenant: self.tenant.clone(),
            kind: ALERT.into(),
            subject: "outside".into(),
            text: told(number, doubt),
            at,
        };
        let ops = vec![Op::Hold(HoldRaised { at, why }), Op::RaiseAlert(alert)];
        self.store.commit(Commit::of(ops)).await?;
        tracing::error!(tenant = %self.tenant, %number, why = why.as_str(), "nothing is sent: this database may not be the newest one");
        *self.seen.lock() = None;
        *self.failures.lock() = 0;
        self.pass();
        Ok(Looked::Held)
    }

    /// Nobody could be asked. A database that lies where it lay is no copy; one
    /// that never wrote a mark is new when the org itself says that it keeps none.
    async fn unknown(&self, fault: Fault, state: Option<&State>) -> Result<Looked, StoreError> {
        let restart = state.is_some_and(|state| state.place.as_ref() == Some(&self.place));
        let refused = state.is_none() && fault.stage == Stage::Answered;
        tracing::warn!(tenant = %self.tenant, code = %fault.code, "the mark outside could not be read or written");
        if fault.stage == Stage::Answered {
            let alert = AlertRaised {
                tenant: self.tenant.clone(),
                kind: ALERT.into(),
                subject: "outside".into(),
                text: format!("the mark in Puente_Settings__c cannot be kept: {fault}"),
                at: self.ambient.now(),
            };
            self.store.commit(Commit::of(vec![Op::RaiseAlert(alert)])).await?;
        }
        if restart || refused {
            self.pass();
        }
        Ok(if fault.stage == Stage::Answered { Looked::Refused } else { Looked::Unknown })
    }

    /// How long to wait after one more look that failed.
    fn failed(&self, policy: RetryPolicy) -> Duration {
        let mut failures = self.failures.lock();
        *failures = failures.saturating_add(1);
        let ms = policy.delay(*failures, None, &*self.ambient.chance).unwrap_or(policy.max_ms);
        Duration::from_millis(ms.unsigned_abs())
    }

    fn pass(&self) {
        self.gate.pass(&self.tenant);
        self.nudges.outbound.wake();
    }

    /// Says that this process is done: whoever opens the database next, wherever
    /// it lies by then, is no copy.
    async fn stop(&self) -> Result<(), StoreError> {
        if self.seen.lock().is_none() || self.numbers.is_empty() {
            return Ok(());
        }
        let Ok(found) = outside::read(&self.client, &self.numbers).await else { return Ok(()) };
        let ours = |found: &Found| {
            found.there.as_ref().is_some_and(|there| there.session.as_ref() == Some(&self.session))
        };
        if !found.iter().all(ours) {
            return Ok(());
        }
        let installation = self.store.installation().await?;
        let state = State::load(&self.store, &self.tenant).await?.unwrap_or_default();
        let high_water = self.high_water(&state).await?;
        if let Err(fault) = self.write(&found, installation, high_water, None).await {
            tracing::warn!(tenant = %self.tenant, code = %fault.code, "the mark still says that this process runs");
        }
        Ok(())
    }
}

fn why(doubt: Doubt) -> HoldWhy {
    match doubt {
        Doubt::Ahead => HoldWhy::Ahead,
        Doubt::Copied => HoldWhy::Copied,
        Doubt::OtherProcess => HoldWhy::OtherProcess,
        Doubt::OtherInstallation => HoldWhy::OtherInstallation,
        Doubt::NewerGeneration => HoldWhy::NewerGeneration,
    }
}

fn told(number: &PhoneNumberId, doubt: Doubt) -> String {
    let what = match doubt {
        Doubt::Ahead => {
            "Salesforce knows of sends that this database does not: it is an older state"
        }
        Doubt::Copied => {
            "this database lies elsewhere than before, and where it lay it did not stop"
        }
        Doubt::OtherProcess => "a copy of this database works elsewhere",
        Doubt::OtherInstallation => "another installation of puente sends from it",
        Doubt::NewerGeneration => "a restored database of this installation has taken over",
    };
    format!(
        "Nothing is sent from here. Number {number}: {what}. End the other one, then see \
         `puente restore status`; `puente restore release --all` says that this one sends."
    )
}
