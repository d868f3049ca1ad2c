//! What is due, shard by shard.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::ids::{PersonId, TenantId};
use model::{Ambient, UnixMs};
use parking_lot::Mutex;
use store::{RecordLink, Store, StoreError, SyncRow};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::plan::{self, Wave};
use super::{call, settle};
use crate::bulk::Way;
use crate::directory::Directory;
use crate::nudge::{Nudges, Woken, outlast};

/// Calls under way per org.
const SHARDS: u8 = 4;
const ROWS_MAX: u32 = 2_000;
const LINKS_MAX: u32 = 400;
/// Records of a collection while a backlog goes by jobs: its people's Leads and
/// Cases come by here meanwhile, and what is fresh must not wait for long calls.
const FRESH_MAX: usize = 40;
const TICK: Duration = Duration::from_millis(1_000);

/// What required fields get when nobody said it.
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
    pub tempo: Arc<Mutex<Tempo>>,
    /// What is left to calls.
    pub way: Way,
}

/// What the last answers taught: kept in memory, learned again after a start.
#[derive(Debug)]
pub struct Tempo {
    busy: BTreeSet<u8>,
    /// No call before then: the org, its budget or its sign-in said so.
    pub(super) paused_until: UnixMs,
    /// Calls that failed as a whole, one after the other.
    pub(super) failures: u32,
    /// Rows per collection, by shard; halves when a trigger fails, grows when a
    /// full one passes.
    pub(super) rows_max: [usize; SHARDS as usize],
    /// The store knows which org this is.
    pub(super) pinned: bool,
    pub(super) broken: Option<StoreError>,
}

impl Default for Tempo {
    fn default() -> Self {
        Self {
            busy: BTreeSet::new(),
            paused_until: UnixMs(0),
            failures: 0,
            rows_max: [plan::COLLECTION_MAX; SHARDS as usize],
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
                self.due().await.or_else(|error| outlast("writer", error).map(|()| Vec::new()))?;
            for wave in due {
                let writer = self.clone();
                calls.spawn(async move { writer.wave(wave).await });
            }
            if let Some(error) = self.tempo.lock().broken.take() {
                return Err(error);
            }
            if self.nudges.writer.wait(TICK, &stop).await == Woken::Stop {
                break;
            }
        }
        while calls.join_next().await.is_some() {}
        Ok(())
    }

    /// A wave for each idle shard that has something due. Marks them busy.
    pub(super) async fn due(&self) -> Result<Vec<Wave>, StoreError> {
        let now = self.ambient.now();
        let (paused, busy, rows_max) = {
            let tempo = self.tempo.lock();
            (tempo.paused_until > now, tempo.busy.clone(), tempo.rows_max)
        };
        if paused || busy.len() == SHARDS as usize {
            return Ok(Vec::new());
        }
        let rows = match self.way.since(now) {
            Some(since) => self.store.sync_due_fresh(&self.tenant, now, since, ROWS_MAX).await?,
            None => self.store.sync_due(&self.tenant, now, ROWS_MAX).await?,
        };
        let links = self.store.record_links_due(&self.tenant, now, LINKS_MAX).await?;
        let mut shards: BTreeMap<u8, (Vec<SyncRow>, Vec<RecordLink>)> = BTreeMap::new();
        for row in rows {
            shards.entry(shard(row.root)).or_default().0.push(row);
        }
        for link in links {
            shards.entry(shard(link.person)).or_default().1.push(link);
        }
        let mut waves = Vec::new();
        for (shard, (rows, links)) in shards {
            if busy.contains(&shard) {
                continue;
            }
            let learned = rows_max[shard as usize];
            let max = if self.way.by_jobs() { learned.min(FRESH_MAX) } else { learned };
            let wave = plan::wave(self, shard, rows, links, max).await?;
            if !wave.is_empty() {
                waves.push(wave);
            }
        }
        if !waves.is_empty() {
            self.look_again();
        }
        self.tempo.lock().busy.extend(waves.iter().map(|wave| wave.shard));
        Ok(waves)
    }

    /// A sign-in that was refused waits for an administrator; whether they have
    /// acted is seen by trying, once a pause.
    pub(crate) fn look_again(&self) {
        let tokens = self.client.tokens();
        if tokens.parked().is_some() {
            tokens.resume();
        }
    }

    /// The org, its budget or its sign-in said that nothing is to be asked now.
    pub(crate) fn paused(&self, now: UnixMs) -> bool {
        self.tempo.lock().paused_until > now
    }

    pub(super) async fn wave(self, wave: Wave) {
        let shard = wave.shard;
        let done = match call::once(&self, &wave).await {
            Ok(answer) => settle::settle(&self, wave, answer).await,
            Err(error) => Err(error),
        };
        let mut tempo = self.tempo.lock();
        tempo.busy.remove(&shard);
        match done {
            Ok(()) => {}
            Err(error @ StoreError::Broken(_)) => tempo.broken = Some(error),
            Err(error) => tracing::warn!(tenant = %self.tenant, %error, "a wave was not recorded"),
        }
        drop(tempo);
        self.nudges.writer.wake();
    }
}

fn shard(root: PersonId) -> u8 {
    // the last byte is drawn by chance, the first ones are time
    root.as_bytes()[15] % SHARDS
}
