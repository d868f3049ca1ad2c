//! Take files under a lease, and work at each.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::ids::{PhoneNumberId, TenantId};
use model::{Ambient, Exchange};
use parking_lot::Mutex;
use store::op::{ClaimMedia, ClaimedMedia, MediaLane, MediaMove};
use store::{Commit, Did, MediaKind, MediaState, Op, Spool, Store, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::about::About;
use super::line::Told;
use super::settle::{Ended, settle, step};
use super::{deliver, fetch, link, stage, sweep};
use crate::breakers::Breakers;
use crate::budget::Governor;
use crate::directory::Directory;
use crate::nudge::{Nudges, Woken, outlast};

/// Longer than the largest file takes that Meta passes on, at the slowest.
const LEASE_MS: i64 = 30 * 60_000;
const TICK: Duration = Duration::from_millis(1_000);

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files under way at one time, toward each remote.
    pub at_once: usize,
    /// A larger file is set aside. Salesforce takes 2 GB.
    pub bytes_max: u64,
    /// Uploads that nobody sends are dropped after this.
    pub keep_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { at_once: 4, bytes_max: 2 << 30, keep_ms: 24 * 3_600_000 }
    }
}

#[derive(Clone)]
pub struct Worker {
    pub store: Store,
    pub ambient: Ambient,
    pub spool: Spool,
    pub whatsapp: Arc<BTreeMap<PhoneNumberId, whatsapp::Client>>,
    pub salesforce: Arc<BTreeMap<TenantId, Arc<salesforce::Client>>>,
    /// The way to addresses that callers wrote; it refuses private networks.
    pub web: Option<Arc<dyn Exchange>>,
    /// Takes a file and answers with a scanner's verdict.
    pub scanner: Option<Arc<dyn Exchange>>,
    pub directory: Directory,
    pub breakers: Breakers,
    /// The API calls of each tenant's org.
    pub governors: Arc<BTreeMap<TenantId, Governor>>,
    /// Name of this process among the holders of leases.
    pub holder: String,
    pub nudges: Nudges,
    pub limits: Limits,
    /// Of the file at hand: each has its own.
    pub told: Told,
    /// Why a file's work must end the process.
    pub broken: Arc<Mutex<Option<StoreError>>>,
}

impl Worker {
    /// Runs until `stop`; then lets the transfers under way finish.
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        let mut lanes =
            [(MediaLane::Fetch, JoinSet::<()>::new()), (MediaLane::Deliver, JoinSet::<()>::new())];
        let mut swept = None;
        while !stop.is_cancelled() {
            sweep::turn(&self, &mut swept).await.or_else(|error| outlast("media", error))?;
            for (lane, under_way) in &mut lanes {
                self.fill(*lane, under_way).await.or_else(|error| outlast("media", error))?;
            }
            if let Some(error) = self.broken.lock().take() {
                return Err(error);
            }
            if self.nudges.media.wait(TICK, &stop).await == Woken::Stop {
                break;
            }
        }
        for (_, under_way) in &mut lanes {
            while under_way.join_next().await.is_some() {}
        }
        Ok(())
    }

    async fn fill(&self, lane: MediaLane, under_way: &mut JoinSet<()>) -> Result<(), StoreError> {
        while let Some(ended) = under_way.try_join_next() {
            ended
                .map_err(|panic| StoreError::Broken(format!("a file's work panicked: {panic}")))?;
        }
        let room = self.limits.at_once.saturating_sub(under_way.len());
        if room == 0 {
            return Ok(());
        }
        let now = self.ambient.now();
        let (rows_max, holder) = (room as u32, self.holder.clone());
        let claim = ClaimMedia { lane, lease_ms: LEASE_MS, rows_max, holder, now };
        let did = self.store.commit(Commit::of(vec![Op::ClaimMedia(claim)])).await?;
        if let Some(Did::Media(claimed)) = did.into_iter().next() {
            for file in claimed {
                let worker = Self { told: Told::default(), ..self.clone() };
                under_way.spawn(async move { worker.work(file).await });
            }
        }
        Ok(())
    }

    async fn work(self, claimed: ClaimedMedia) {
        match self.one(&claimed).await {
            // the lease went to another: nothing more may be written
            Ok(()) | Err(StoreError::Fenced) => {}
            Err(StoreError::Sealed(_)) => self.erased(&claimed).await,
            Err(error @ StoreError::Broken(_)) => *self.broken.lock() = Some(error),
            Err(error) => {
                tracing::warn!(file = %claimed.id, %error, "a file's work stopped; its lease runs out")
            }
        }
        self.tell(&claimed.tenant).await;
        self.nudges.media.wake();
    }

    async fn one(&self, claimed: &ClaimedMedia) -> Result<(), StoreError> {
        let Some(media) = self.store.media(&claimed.tenant, claimed.id).await? else {
            return Ok(());
        };
        let Some(about) = About::open(&media.about) else {
            let over = Ended::over("puente.broken", "what is known of the file cannot be read");
            return settle(self, claimed, &media, over, Vec::new()).await;
        };
        let (ended, more) = match (media.state, media.kind) {
            (MediaState::Requested, _) => {
                (fetch::once(self, claimed, &media, about).await?, vec![])
            }
            (MediaState::Downloaded, MediaKind::Out) => {
                stage::once(self, claimed, &media, about).await?
            }
            (MediaState::Downloaded, _) => {
                (deliver::once(self, claimed, &media, about).await?, vec![])
            }
            (MediaState::Uploaded, _) => (link::once(self, claimed, &media).await?, vec![]),
            (MediaState::Linked | MediaState::Aside, _) => return Ok(()),
        };
        settle(self, claimed, &media, ended, more).await
    }

    /// The person was erased, and with them what is known of the file.
    async fn erased(&self, claimed: &ClaimedMedia) {
        let detail = "the person was erased".to_owned();
        let aside = MediaMove::Aside { code: "puente.erased".into(), detail };
        let op = Op::MediaStep(step(claimed, self.ambient.now(), aside));
        if let Err(error) = self.store.commit(Commit::of(vec![op])).await {
            tracing::warn!(file = %claimed.id, %error, "a file of an erased person stays");
        }
    }
}
