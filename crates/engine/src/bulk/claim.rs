//! When a backlog is long, and whose rows go next.

use std::sync::Arc;
use std::time::Duration;

use model::ids::{BulkId, PersonId};
use model::{Fault, UnixMs, Urgency};
use parking_lot::Mutex;
use salesforce::Client;
use store::op::BulkClaim;
use store::{BulkJob, Commit, Did, Op, StoreError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::way::{Way, backlog_since};
use super::{call, convert};
use crate::breakers::{Heard, Leave};
use crate::budget::BULK;
use crate::nudge::{Nudge, Woken, outlast};
use crate::writer::Writer;

/// Between two looks at how long the backlog is, while nothing is to be claimed.
const LOOK_MS: i64 = 10_000;
const TICK: Duration = Duration::from_millis(1_000);
/// A backlog that fell to this part of the threshold goes by calls again.
const LEFT: u64 = 10;
/// After Salesforce would not take a job as such, rows go by calls for so long.
pub(super) const REST_MS: i64 = 15 * 60_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Rows that wait for longer than half a minute, from which on a backlog
    /// goes by jobs.
    pub backlog_rows: u32,
    /// Shares under way at once, each one job of Salesforce's at a time.
    pub jobs_max: usize,
    /// Messages of a share: one internal batch of Salesforce's at most.
    pub rows_max: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { backlog_rows: 10_000, jobs_max: 8, rows_max: salesforce::bulk::ROWS_MAX }
    }
}

/// One org's jobs. Steps are taken one after the other, so that one file at a
/// time is in memory; what Salesforce does of them goes on side by side.
#[derive(Clone)]
pub struct Bulk {
    pub writer: Writer,
    pub options: Options,
    pub memory: Arc<Mutex<Memory>>,
}

/// Learned again after a start.
#[derive(Debug)]
pub struct Memory {
    /// What the org's answers tell of its calls.
    told: watch::Receiver<Option<salesforce::Budget>>,
    looked_at: Option<UnixMs>,
    /// Salesforce takes no jobs until then.
    pub(super) rest_until: UnixMs,
    /// Leave of the step under way to call the org.
    leave: Option<Leave>,
}

impl Bulk {
    pub fn new(writer: Writer, options: Options) -> Self {
        let rows_max = options.rows_max.clamp(1, salesforce::bulk::ROWS_MAX);
        let options = Options { rows_max, ..options };
        let told = writer.client.watch_budget();
        let memory = Memory { told, looked_at: None, rest_until: UnixMs(0), leave: None };
        Self { writer, options, memory: Arc::new(Mutex::new(memory)) }
    }

    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        let timer = Nudge::default();
        loop {
            match self.turn(&stop).await {
                Ok(()) => {}
                Err(StoreError::Fenced) => self.writer.lease.lost(),
                Err(error) => outlast("bulk", error)?,
            }
            if timer.wait(TICK, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }

    async fn turn(&self, stop: &CancellationToken) -> Result<(), StoreError> {
        let (now, way) = (self.now(), self.way());
        let looked_at = self.memory.lock().looked_at;
        let look = looked_at.is_none_or(|at| now.since(at) >= LOOK_MS);
        if !way.busy() && !look {
            return Ok(());
        }
        if self.writer.fence().is_none() {
            way.set(false);
            return Ok(());
        }
        if look {
            self.look(now).await?;
        }
        let mut jobs = self.writer.store.bulk_jobs(&self.writer.tenant).await?;
        way.under_way(!jobs.is_empty());
        while way.by_jobs() && jobs.len() < self.options.jobs_max && !self.waits() {
            if !self.look(now).await? {
                break;
            }
            let Some(job) = self.claim().await? else { break };
            way.under_way(true);
            call::step(self, job.clone()).await?;
            jobs.push(job);
            if stop.is_cancelled() {
                return Ok(());
            }
        }
        for job in self.writer.store.bulk_jobs(&self.writer.tenant).await? {
            if job.due_at <= self.now() && !self.waits() && !stop.is_cancelled() {
                call::step(self, job).await?;
            }
        }
        Ok(())
    }

    /// Whether the backlog is long: nobody's rows wait for a share that would be
    /// a short one. Jobs under way are seen to their end either way.
    async fn look(&self, now: UnixMs) -> Result<bool, StoreError> {
        self.memory.lock().looked_at = Some(now);
        let (store, tenant, way) = (&self.writer.store, &self.writer.tenant, self.way());
        let threshold = u64::from(self.options.backlog_rows.max(1));
        let enough = if way.by_jobs() { (threshold / LEFT).max(1) } else { threshold };
        let resting = self.memory.lock().rest_until > now;
        let long = !resting && {
            let max = u32::try_from(enough).unwrap_or(u32::MAX);
            store.bulk_backlog(tenant, now, backlog_since(now), max).await? >= enough
        };
        if way.set(long) {
            tracing::info!(%tenant, by_jobs = long, "rows go to Salesforce another way");
            self.writer.nudges.writer.wake();
        }
        Ok(long)
    }

    /// The next people, as many as fill a share, longest waiting first.
    async fn claim(&self) -> Result<Option<BulkJob>, StoreError> {
        let (store, tenant, now) = (&self.writer.store, &self.writer.tenant, self.now());
        let rows_max = u32::try_from(self.options.rows_max).unwrap_or(u32::MAX);
        let waiting = store.bulk_roots(tenant, now, backlog_since(now), rows_max).await?;
        let roots = self.writer.idle(share(waiting, self.options.rows_max as u64)).await?;
        if roots.is_empty() {
            return Ok(None);
        }
        let id = BulkId::new(&self.writer.ambient);
        let claim = BulkClaim { tenant: tenant.clone(), id, roots, at: now };
        match self.commit(vec![Op::BulkClaim(claim)]).await {
            Ok(did) => {
                tracing::info!(%tenant, job = %id, people = ?did.first(), "a share is claimed")
            }
            // all of them are in calls
            Err(StoreError::Conflict(_)) => return Ok(None),
            Err(error) => return Err(error),
        }
        Ok(store.bulk_jobs(tenant).await?.into_iter().find(|job| job.id == id))
    }

    /// Nothing is asked of Salesforce now. A job carries whatever its people
    /// want, at a small part of a call for each row: it is as urgent as the most
    /// urgent of it.
    pub(super) fn waits(&self) -> bool {
        let now = self.now();
        let governor = &self.writer.governor;
        self.writer.waits() || governor.may_call(Urgency::Live, true, now).is_err()
    }

    /// The org, for so many calls that are made now.
    pub(super) fn org(&self, calls: usize) -> &Client {
        let (governor, now) = (&self.writer.governor, self.now());
        governor.called(now);
        for _ in 0..calls {
            governor.spend(BULK, now);
        }
        &self.writer.client
    }

    /// Leave for the calls of one step, unless the org is left alone.
    pub(super) fn enter(&self) -> bool {
        let leave = self.writer.breakers.pass(&[self.writer.org()]).ok();
        let entered = leave.is_some();
        self.memory.lock().leave = leave;
        entered
    }

    /// The step is over, whether it called or not.
    pub(super) fn leave(&self) {
        if let Some(leave) = self.memory.lock().leave.take() {
            self.writer.breakers.unused(leave);
        }
    }

    /// A call got through: what is to be written down about it.
    pub(super) fn well(&self) -> Vec<Op> {
        drop(self.memory.lock().leave.take());
        self.writer.breakers.well(&[self.writer.org()])
    }

    /// A call did not.
    pub(super) fn hear(&self, fault: &Fault) -> Heard {
        let leave = self.memory.lock().leave.take().unwrap_or_default();
        self.writer.breakers.failed(&[self.writer.org()], fault, leave)
    }

    pub(super) fn now(&self) -> UnixMs {
        self.writer.ambient.now()
    }

    pub(super) fn way(&self) -> &Way {
        &self.writer.way
    }

    pub(super) fn sheet(&self) -> convert::Room {
        convert::Room { rows_max: self.options.rows_max }
    }

    pub(super) async fn commit(&self, ops: Vec<Op>) -> Result<Vec<Did>, StoreError> {
        let (writer, now) = (&self.writer, self.now());
        let told = {
            let told = &mut self.memory.lock().told;
            let fresh = told.has_changed().unwrap_or(false);
            if fresh { *told.borrow_and_update() } else { None }
        };
        writer.governor.read(told, now);
        let step = writer.governor.step(now);
        let fence = writer.fence().ok_or(StoreError::Fenced)?;
        let ops = ops.into_iter().chain(step.ops()).collect();
        let did = writer.store.commit(Commit::fenced(fence, ops)).await?;
        writer.governor.noted(step);
        Ok(did)
    }
}

/// People whose messages fill `rows_max`; at least one, however many they have.
pub(super) fn share(waiting: Vec<(PersonId, u64)>, rows_max: u64) -> Vec<PersonId> {
    let mut rows = 0;
    waiting
        .into_iter()
        .take_while(|(_, messages)| {
            let first = rows == 0;
            // a person's own row and their conversation's count for one
            rows += messages.max(&1);
            first || rows <= rows_max
        })
        .map(|(person, _)| person)
        .collect()
}
