//! Take lanes with work under a lease, and work each off in order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::ids::{AttemptId, InstallationId, LaneId, PhoneNumberId, TenantId};
use model::{Ambient, Scope, UnixMs};
use parking_lot::Mutex;
use store::op::{BeginSend, ClaimLanes, ClaimedLane, LaneRelease, NotNow, SendPermit};
use store::{Commit, Did, Fence, Op, Outbox, Store, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::pace::Pace;
use super::{call, convert, settle};
use crate::breakers::{Breakers, Key, Leave, Remote};
use crate::directory::{Directory, Number};
use crate::mark::Gate;
use crate::media::About;
use crate::nudge::{Nudges, Patience, Woken, outlast};

const LEASE_MS: i64 = 60_000;
/// No call begins on a lease older than this: what is left of it is longer
/// than one call with its wait, so that a lane never has two calls under way.
const NO_NEW_CALL_MS: i64 = 20_000;
/// Lanes for the live class alone: those of a campaign wait for their number with
/// the lane in hand, and a reply must not wait until one of them is done.
const LIVE_LANES: u32 = 12;
/// A lane gives way to others after this many messages.
const IN_ONE_GO: u32 = 16;
/// Waits up to this long for a token while holding the lane.
const PATIENCE_MS: i64 = 2_000;
/// A permit is good for this long; then the call is not made.
pub(super) const PERMIT_MS: i64 = 10_000;
/// How long Meta's answer waits for a store that has no room or is away.
const TELL_MS: i64 = 60_000;
const TICK: Duration = Duration::from_millis(500);
/// Between two claims: what becomes free meanwhile is claimed together.
const BREATH: Duration = Duration::from_millis(5);
/// All of Meta, as a scope.
const META: &str = "meta";

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Lanes worked on at once, which is also the calls under way.
    pub lanes_at_once: usize,
    pub status_delay_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { lanes_at_once: 96 + LIVE_LANES as usize, status_delay_ms: 60_000 }
    }
}

#[derive(Clone)]
pub struct Outbound {
    pub store: Store,
    pub ambient: Ambient,
    pub clients: Arc<BTreeMap<PhoneNumberId, whatsapp::Client>>,
    pub directory: Directory,
    pub pace: Pace,
    pub breakers: Breakers,
    pub nudges: Nudges,
    pub limits: Limits,
    /// Travels in every tracker.
    pub installation: InstallationId,
    /// Nothing is claimed before it opens.
    pub gate: Gate,
    /// Lanes whose work is under way here. A wall clock that jumps over a lease
    /// hands the same lane out again; its call is not over for that.
    pub working: Arc<Mutex<BTreeSet<LaneId>>>,
    /// Why a lane's work must end the process.
    pub broken: Arc<Mutex<Option<StoreError>>>,
}

impl Outbound {
    /// Runs until `stop`; then lets the calls under way finish.
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        let mut lanes = JoinSet::new();
        while !stop.is_cancelled() {
            while let Some(ended) = lanes.try_join_next() {
                ended.map_err(|panic| StoreError::Broken(format!("a lane panicked: {panic}")))?;
            }
            let room = self.limits.lanes_at_once.saturating_sub(lanes.len());
            let claimed = self
                .claim(room as u32)
                .await
                .or_else(|error| outlast("outbound", error).map(|()| Vec::new()))?;
            let (some, more) = (!claimed.is_empty(), claimed.len() == room && room > 0);
            for lane in claimed {
                if !self.working.lock().insert(lane.lane) {
                    continue;
                }
                let worker = self.clone();
                lanes.spawn(async move { worker.work(lane).await });
            }
            if let Some(error) = self.broken.lock().take() {
                return Err(error);
            }
            if !more && self.nudges.outbound.wait(TICK, &stop).await == Woken::Stop {
                break;
            }
            if some {
                tokio::time::sleep(BREATH).await;
            }
        }
        while lanes.join_next().await.is_some() {}
        Ok(())
    }

    async fn claim(&self, room: u32) -> Result<Vec<ClaimedLane>, StoreError> {
        if room == 0 || !self.gate.is_open() {
            return Ok(Vec::new());
        }
        let (now, numbers) = (self.ambient.now(), self.open_numbers());
        if numbers.as_ref().is_some_and(Vec::is_empty) {
            return Ok(Vec::new());
        }
        let live_only = room.min(LIVE_LANES);
        let claim = ClaimLanes { lease_ms: LEASE_MS, lanes_max: room, live_only, numbers, now };
        let did = self.store.commit(Commit::of(vec![Op::ClaimLanes(claim)])).await?;
        Ok(match did.into_iter().next() {
            Some(Did::Claimed(lanes)) => lanes,
            _ => Vec::new(),
        })
    }

    /// While some are left alone, those that are not: what waits for the others
    /// is not taken up and put back, lane by lane.
    fn open_numbers(&self) -> Option<Vec<PhoneNumberId>> {
        if self.breakers.are_calm() {
            return None;
        }
        let wait_ms = |number: &Number| self.breakers.wait_ms(&self.keys_of(number));
        let (open, shut): (Vec<_>, Vec<_>) =
            self.directory.numbers().partition(|number| wait_ms(number) <= PATIENCE_MS);
        (!shut.is_empty()).then(|| open.into_iter().map(|number| number.id.clone()).collect())
    }

    async fn work(self, lane: ClaimedLane) {
        let worked = match self.lane(&lane).await {
            Ok(hold_until) => self.release(&lane, hold_until).await,
            Err(error @ (StoreError::Fenced | StoreError::Broken(_))) => Err(error),
            Err(error) => {
                tracing::warn!(lane = %lane.lane, %error, "a lane stopped and is given back");
                self.release(&lane, None).await
            }
        };
        self.working.lock().remove(&lane.lane);
        match worked {
            // the lease went to another: nothing more may be written
            Ok(()) | Err(StoreError::Fenced) => {}
            Err(error @ StoreError::Broken(_)) => *self.broken.lock() = Some(error),
            Err(error) => tracing::warn!(lane = %lane.lane, %error, "its lease runs out"),
        }
        self.nudges.outbound.wake();
    }

    /// Until when the lane waits.
    async fn lane(&self, lane: &ClaimedLane) -> Result<Option<UnixMs>, StoreError> {
        let mut hold_until = None;
        let (began_ms, keys) = (self.ambient.clock.mono(), self.keys(lane));
        for _ in 0..IN_ONE_GO {
            if self.ambient.clock.mono() - began_ms > NO_NEW_CALL_MS {
                break;
            }
            let now = self.ambient.now();
            let Some(head) = self.store.lane_head(&lane.tenant, lane.lane, now).await? else {
                break;
            };
            let clock = &self.ambient.clock;
            let leave = match self.breakers.pass(&keys) {
                Ok(leave) => leave,
                Err(wait) if wait > PATIENCE_MS => {
                    hold_until = Some(now.plus(wait));
                    break;
                }
                Err(wait) => {
                    tokio::time::sleep(Duration::from_millis(wait as u64)).await;
                    continue;
                }
            };
            let leaves_ms = match self.pace.take(&lane.number, lane.lane, head.class, clock.mono())
            {
                Ok(leaves_ms) => leaves_ms,
                Err(wait) => {
                    self.breakers.unused(leave);
                    if wait > PATIENCE_MS {
                        hold_until = Some(now.plus(wait));
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(wait as u64)).await;
                    continue;
                }
            };
            if let Some(until) = self.one(lane, &head, leaves_ms, &keys, leave).await? {
                hold_until = Some(until);
                break;
            }
        }
        Ok(hold_until)
    }

    async fn release(
        &self,
        lane: &ClaimedLane,
        hold_until: Option<UnixMs>,
    ) -> Result<(), StoreError> {
        let release = LaneRelease { lane: lane.lane, epoch: lane.epoch, hold_until };
        let commit = Commit::fenced(fence(lane), vec![Op::ReleaseLane(release)]);
        let patience = Patience::of(&self.ambient, LEASE_MS);
        loop {
            let done = self.store.commit(commit.clone()).await;
            if !patience.again(&self.ambient, &done).await {
                return done.map(drop);
            }
        }
    }

    /// Meta's id of the file that the message waited for.
    async fn meta_id(
        &self,
        lane: &ClaimedLane,
        head: &Outbox,
    ) -> Result<Option<String>, StoreError> {
        let Some(file) = convert::file(&head.body) else {
            return Ok(None);
        };
        let media = self.store.media(&lane.tenant, file).await?;
        Ok(media.and_then(|media| About::open(&media.about)).and_then(|about| about.meta_id))
    }

    /// One message: permit, call, settle. The time until which the lane waits.
    async fn one(
        &self,
        lane: &ClaimedLane,
        head: &Outbox,
        leaves_ms: i64,
        keys: &[Key],
        leave: Leave,
    ) -> Result<Option<UnixMs>, StoreError> {
        let meta_id = self.meta_id(lane, head).await?;
        let at = self.ambient.now();
        let begin = BeginSend {
            tenant: lane.tenant.clone(),
            outbox: head.id,
            attempt: AttemptId::new(&self.ambient),
            at,
            deadline: at.plus(PERMIT_MS),
            sync_due_at: at,
            policy: self.directory.consent(&lane.tenant).policy,
        };
        let opened_ms = self.ambient.clock.mono();
        let did =
            self.store.commit(Commit::fenced(fence(lane), vec![Op::BeginSend(begin)])).await?;
        let permit: SendPermit = match did.into_iter().next() {
            Some(Did::Permit(permit)) => permit,
            Some(Did::NotNow(
                NotNow::WindowClosed | NotNow::TemplateStopped | NotNow::Denied(_),
            )) => {
                self.breakers.unused(leave);
                self.nudges.writer.wake();
                return Ok(None);
            }
            _ => {
                self.breakers.unused(leave);
                return Ok(None);
            }
        };
        let end = match convert::call(&head.body, meta_id.as_deref()) {
            Ok((address, message)) => {
                let early = leaves_ms - self.ambient.clock.mono();
                if early > 0 {
                    tokio::time::sleep(Duration::from_millis(early as u64)).await;
                }
                self.pace.leaves(&lane.number, leaves_ms, self.ambient.clock.mono());
                call::once(self, &lane.number, &permit, opened_ms, &address, &message).await
            }
            Err(reason) => call::Ended::unreadable(reason),
        };
        // once, however often the store must be told of it
        let heard = settle::hear(self, lane, keys, &end, leave);
        let patience = Patience::of(&self.ambient, TELL_MS);
        loop {
            let done = settle::settle(self, lane, &permit, &end, &heard).await;
            if !patience.again(&self.ambient, &done).await {
                return done;
            }
        }
    }

    /// What a call of this lane goes through, narrowest first.
    fn keys(&self, lane: &ClaimedLane) -> Vec<Key> {
        let mut keys = vec![key(&lane.tenant, Scope::Lane, &lane.lane.to_string())];
        match self.directory.number(&lane.number) {
            Some(number) => keys.extend(self.keys_of(number)),
            None => {
                keys.push(key(&lane.tenant, Scope::Number, lane.number.as_str()));
                keys.push(key(&lane.tenant, Scope::Org, META));
            }
        }
        keys
    }

    fn keys_of(&self, number: &Number) -> [Key; 3] {
        let key = |scope, name: &str| key(&number.tenant, scope, name);
        [
            key(Scope::Number, number.id.as_str()),
            key(Scope::Account, number.waba.as_str()),
            key(Scope::Org, META),
        ]
    }
}

fn key(tenant: &TenantId, scope: Scope, name: &str) -> Key {
    let (tenant, name) = (tenant.clone(), name.to_owned());
    Key { remote: Remote::WhatsApp, scope, tenant, name }
}

pub(super) fn fence(lane: &ClaimedLane) -> Fence {
    Fence::Lane { lane: lane.lane, epoch: lane.epoch }
}
