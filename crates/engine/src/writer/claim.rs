//! What is due, and what of it goes now.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::ids::{PersonId, TenantId};
use model::{Ambient, Scope, UnixMs};
use parking_lot::Mutex;
use store::{Fence, Store, StoreError, SyncRow};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::plan::{self, Wave};
use super::roots::{Root, share};
use super::{call, settle};
use crate::breakers::{Breakers, Key, Leave, Remote};
use crate::budget::Governor;
use crate::bulk::Way;
use crate::directory::Directory;
use crate::hours::HoursInUse;
use crate::lease::Lease;
use crate::mapping::Mappings;
use crate::nudge::{Nudges, Patience, Woken, outlast};
use crate::routing::{Routings, TargetsKept};

/// Calls under way per org.
const CALLS_MAX: usize = 4;
const ROWS_MAX: u32 = 2_000;
const LINKS_MAX: u32 = 400;
/// How long the org's answer waits for a store that has no room or is away.
const TELL_MS: i64 = 120_000;
/// Records of a collection while a backlog goes by jobs: its people's Leads and
/// Cases come by here meanwhile, and what is fresh must not wait for long calls.
const FRESH_MAX: usize = 40;
const TICK: Duration = Duration::from_millis(1_000);

/// What the configuration says of fields: `settings.` of a mapping.
#[derive(Clone, Debug)]
pub struct Defaults {
    pub lead_company: String,
    pub lead_source: Option<String>,
    pub case_origin: Option<String>,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            lead_company: "WhatsApp".into(),
            lead_source: Some("WhatsApp".into()),
            case_origin: Some("WhatsApp".into()),
        }
    }
}

/// One org's writer.
#[derive(Clone)]
pub struct Writer {
    pub tenant: TenantId,
    pub store: Store,
    pub ambient: Ambient,
    pub client: Arc<salesforce::Client>,
    pub directory: Directory,
    pub nudges: Nudges,
    pub defaults: Defaults,
    pub mappings: Mappings,
    pub routings: Routings,
    pub targets: TargetsKept,
    pub hours: HoursInUse,
    pub lease: Lease,
    pub governor: Governor,
    pub breakers: Breakers,
    pub tempo: Arc<Mutex<Tempo>>,
    /// What is left to calls.
    pub way: Way,
}

/// What the last answers taught: kept in memory, learned again after a start.
#[derive(Debug)]
pub struct Tempo {
    /// Calls under way, and what they lock.
    calls: usize,
    held: BTreeSet<Root>,
    /// Rows per collection; halves when a trigger fails, grows when a full one
    /// passes.
    pub(super) rows_max: usize,
    /// Work that may not be called for yet is looked at again then.
    look_at: Option<UnixMs>,
    /// The lease as it was held last.
    pub(super) fence: Option<Fence>,
    /// Salesforce was asked since the restore, if there was one.
    pub(super) asked: bool,
    /// The store knows which org this is.
    pub(super) pinned: bool,
    pub(super) broken: Option<StoreError>,
}

impl Default for Tempo {
    fn default() -> Self {
        Self {
            calls: 0,
            held: BTreeSet::new(),
            rows_max: plan::COLLECTION_MAX,
            look_at: None,
            fence: None,
            asked: false,
            pinned: false,
            broken: None,
        }
    }
}

impl Writer {
    /// Runs until `stop`; then lets the calls under way finish.
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        let mut calls = JoinSet::new();
        while !stop.is_cancelled() {
            while let Some(ended) = calls.try_join_next() {
                ended.map_err(|panic| StoreError::Broken(format!("a wave panicked: {panic}")))?;
            }
            let due =
                self.turn().await.or_else(|error| outlast("writer", error).map(|()| Vec::new()))?;
            for (wave, leave) in due {
                let writer = self.clone();
                calls.spawn(async move { writer.wave(wave, leave).await });
            }
            if let Some(error) = self.tempo.lock().broken.take() {
                return Err(error);
            }
            if self.nudges.writer.wait(self.pause(), &stop).await == Woken::Stop {
                break;
            }
        }
        while calls.join_next().await.is_some() {}
        Ok(())
    }

    async fn turn(&self) -> Result<Vec<(Wave, Leave)>, StoreError> {
        if self.hold().await?.is_none() {
            return Ok(Vec::new());
        }
        self.ask_usage().await?;
        self.due().await
    }

    /// Until work that waits for its time has it, at most a tick.
    fn pause(&self) -> Duration {
        let look_at = self.tempo.lock().look_at.take();
        let ms = look_at.map(|at| at.since(self.ambient.now()).max(1) as u64);
        ms.map_or(TICK, |ms| Duration::from_millis(ms).min(TICK))
    }

    /// Waves of what is due and locks nothing that a call under way locks, with
    /// leave to call. Marks what they lock as held.
    pub(super) async fn due(&self) -> Result<Vec<(Wave, Leave)>, StoreError> {
        let now = self.ambient.now();
        let (free, held, rows_max) = {
            let tempo = self.tempo.lock();
            (CALLS_MAX - tempo.calls, tempo.held.clone(), tempo.rows_max)
        };
        let rows_max = if self.way.busy() { rows_max.min(FRESH_MAX) } else { rows_max };
        if free == 0 || self.waits() {
            return Ok(Vec::new());
        }
        let rows = self.rows(now).await?;
        let links = self.store.record_links_due(&self.tenant, now, LINKS_MAX).await?;
        let people: BTreeSet<_> =
            rows.iter().map(|row| row.root).chain(links.iter().map(|link| link.person)).collect();
        let people: Vec<_> = people.into_iter().collect();
        let accounts = self.store.accounts(&self.tenant, &people).await?;
        let mut waves = Vec::new();
        for load in share(rows, links, &accounts, &held, free, rows_max) {
            let keys = self.keys(&load.roots);
            if self.breakers.wait_ms(&keys) > 0 {
                continue;
            }
            let full = load.is_full(rows_max);
            if let Err(at) = self.governor.may_call(load.urgency(), full, now) {
                let look_at = &mut self.tempo.lock().look_at;
                *look_at = Some(look_at.map_or(at, |known| known.min(at)));
                continue;
            }
            let wave = plan::wave(self, load, rows_max).await?;
            if wave.is_empty() {
                continue;
            }
            // half-open, the org gets one wave to see; the others come by again
            if let Ok(leave) = self.breakers.pass(&keys) {
                self.governor.called(now);
                waves.push((wave, leave));
            }
        }
        if !waves.is_empty() {
            self.look_again();
        }
        let mut tempo = self.tempo.lock();
        tempo.calls += waves.len();
        tempo.held.extend(waves.iter().flat_map(|(wave, _)| wave.roots.iter().cloned()));
        Ok(waves)
    }

    /// What is fresh goes before the rest of a backlog that jobs leave over.
    async fn rows(&self, now: UnixMs) -> Result<Vec<SyncRow>, StoreError> {
        let Some(since) = self.way.since(now) else {
            return self.store.sync_due(&self.tenant, now, ROWS_MAX).await;
        };
        let mut rows = self.store.sync_due_fresh(&self.tenant, now, since, ROWS_MAX).await?;
        if !self.way.by_jobs() {
            let fresh: BTreeSet<_> = rows.iter().map(|row| (row.object, row.id)).collect();
            let mut rest = self.store.sync_due(&self.tenant, now, ROWS_MAX).await?;
            rest.retain(|row| !fresh.contains(&(row.object, row.id)));
            rows.extend(rest);
        }
        Ok(rows)
    }

    /// A sign-in that was refused waits for an administrator; whether they have
    /// acted is seen by trying, once a pause.
    pub(crate) fn look_again(&self) {
        let tokens = self.client.tokens();
        if tokens.parked().is_some() {
            tokens.resume();
        }
    }

    /// The org is left alone now.
    pub(crate) fn waits(&self) -> bool {
        self.breakers.wait_ms(&[self.org()]) > 0
    }

    /// As this process holds the org, if it does.
    pub(crate) fn fence(&self) -> Option<Fence> {
        self.tempo.lock().fence.clone()
    }

    /// Those of them for whom no call is under way.
    pub(crate) async fn idle(&self, people: Vec<PersonId>) -> Result<Vec<PersonId>, StoreError> {
        let accounts = self.store.accounts(&self.tenant, &people).await?;
        let held = self.tempo.lock().held.clone();
        let idle = |person: &PersonId| !held.contains(&Root::of(*person, &accounts));
        Ok(people.into_iter().filter(idle).collect())
    }

    async fn tell(
        &self,
        wave: &Wave,
        answer: &call::Answer,
        contacts: &call::Contacts,
        leave: Leave,
    ) -> Result<(), StoreError> {
        // once, however often the store must be told of it
        let heard = settle::hear(self, wave, answer, leave);
        let patience = Patience::of(&self.ambient, TELL_MS);
        loop {
            let done = settle::settle(self, wave, answer, contacts, &heard).await;
            if !patience.again(&self.ambient, &done).await {
                return done;
            }
        }
    }

    /// What a call for these goes through, narrowest first.
    pub(super) fn keys(&self, roots: &BTreeSet<Root>) -> Vec<Key> {
        let lane = roots.first().map(|root| {
            let (tenant, name) = (self.tenant.clone(), root.to_string());
            Key { remote: Remote::Salesforce, scope: Scope::Lane, tenant, name }
        });
        lane.into_iter().chain([self.org()]).collect()
    }

    pub(crate) fn org(&self) -> Key {
        let (tenant, name) = (self.tenant.clone(), self.tenant.to_string());
        Key { remote: Remote::Salesforce, scope: Scope::Org, tenant, name }
    }

    pub(super) async fn wave(self, wave: Wave, leave: Leave) {
        let roots = wave.roots.clone();
        let done = match call::once(&self, &wave).await {
            Ok((answer, contacts)) => self.tell(&wave, &answer, &contacts, leave).await,
            Err(error) => Err(error),
        };
        let mut tempo = self.tempo.lock();
        tempo.calls -= 1;
        tempo.held.retain(|root| !roots.contains(root));
        match done {
            Ok(()) => {}
            Err(error @ StoreError::Broken(_)) => tempo.broken = Some(error),
            Err(StoreError::Fenced) => self.lease.lost(),
            Err(error) => {
                tracing::warn!(tenant = %self.tenant, %error, "a wave was not recorded");
                // the store has no room or does not answer: the timer tries
                // again, for a nudge would do so at once and without end
                return;
            }
        }
        drop(tempo);
        self.nudges.writer.wake();
    }
}
