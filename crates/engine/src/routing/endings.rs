//! Conversations that end: with their case, or after silence on both sides. What
//! the customer writes after that begins the next one.

use std::sync::Arc;
use std::time::Duration;

use model::ids::TenantId;
use model::{Fault, UnixMs, Urgency};
use parking_lot::Mutex;
use rules::routing::{Quiet, ends_at};
use salesforce::soql;
use store::op::ConversationClosed;
use store::{Commit, Conversation, Op, Store, StoreError};
use tokio_util::sync::CancellationToken;

use super::active::{Active, Routings};
use crate::lease::Lease;
use crate::nudge::{Nudges, Woken, outlast};
use crate::org::Org;
use crate::survey::{self, SurveysInUse};

const TICK: Duration = Duration::from_secs(60);
/// Salesforce is asked for closed cases so often.
const LOOK_MS: i64 = 5 * 60_000;
/// A process that begins asks for those of so long.
const BACK_MS: i64 = 30 * 86_400_000;
/// A save that was under way at the last look may carry an earlier time.
const OVERLAP_MS: i64 = 60_000;
const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600_000;
const IN_ONE_COMMIT: u32 = 200;
const ROWS_MAX: usize = 2_000;

/// The worker of one tenant.
#[derive(Clone)]
pub struct Endings {
    pub tenant: TenantId,
    pub store: Store,
    pub org: Org,
    pub routings: Routings,
    pub surveys: SurveysInUse,
    pub lease: Lease,
    pub nudges: Nudges,
    pub looked: Arc<Mutex<Looked>>,
}

/// When Salesforce was asked last, and until which closing it answered.
#[derive(Debug, Default)]
pub struct Looked {
    at: Option<UnixMs>,
    until: Option<UnixMs>,
    /// Of the survey: another one asks at once.
    survey: i64,
}

impl Endings {
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                done = self.turn() => done.or_else(|error| {
                    self.lease.lost();
                    outlast("endings", error)
                })?,
            }
            if self.nudges.endings.wait(TICK, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }

    async fn turn(&self) -> Result<(), StoreError> {
        let active = self.routings.active(&self.tenant).await?;
        let ending = &active.routing.ending;
        if let Some(hours) = ending.after_hours {
            self.silent(&active, hours).await?;
        }
        let asks = survey::asks_since(&self.surveys, &self.tenant).await?;
        if ending.with_case || asks.is_some() {
            match self.closed_cases(&active, asks).await? {
                Ok(()) => {}
                // asked again at the next look
                Err(fault) => {
                    tracing::debug!(tenant = %self.tenant, %fault, "closed cases were not told");
                }
            }
        }
        Ok(())
    }

    async fn silent(&self, active: &Active, hours: i64) -> Result<(), StoreError> {
        loop {
            let before = self.org.ambient.now().plus(-hours * HOUR_MS);
            let quiet = self.store.conversations_quiet(&self.tenant, before, IN_ONE_COMMIT).await?;
            let quiet = quiet.into_iter().map(|one| (one, None));
            let ended = self.end(active, quiet, Vec::new()).await?;
            if ended < IN_ONE_COMMIT as usize {
                return Ok(());
            }
        }
    }

    /// They end their conversations, and their customers are asked about those
    /// closed since `asks`. The inner error is the org's.
    async fn closed_cases(
        &self,
        active: &Active,
        asks: Option<UnixMs>,
    ) -> Result<Result<(), Fault>, StoreError> {
        let now = self.org.ambient.now();
        let survey = self.surveys.number(&self.tenant).await?;
        let (at, until) = {
            let looked = self.looked.lock();
            (looked.at.filter(|_| looked.survey == survey), looked.until)
        };
        if at.is_some_and(|at| now.since(at) < LOOK_MS)
            || self.org.governor.may_call(Urgency::Status, true, now).is_err()
            || !self.has_cases(asks.is_some(), now).await?
            || self.lease.hold().await?.is_none()
        {
            return Ok(Ok(()));
        }
        {
            let mut looked = self.looked.lock();
            (looked.at, looked.survey) = (Some(now), survey);
        }
        let mut since = until.map_or(now.plus(-BACK_MS), |until| until.plus(-OVERLAP_MS));
        loop {
            let query = format!(
                "SELECT Id, ClosedDate FROM Case WHERE IsClosed = true AND ClosedDate >= {} \
                 ORDER BY ClosedDate ASC LIMIT {ROWS_MAX}",
                soql::datetime(since)
            );
            let rows = match self.org.call(self.org.client.query(&query, ROWS_MAX)).await {
                Ok(page) => page.rows,
                Err(fault) => return Ok(Err(fault)),
            };
            let (mut ended, mut noticed) = (Vec::new(), Vec::new());
            for row in &rows {
                let (Some(id), Some(closed)) = (row.id(), row.time("ClosedDate")) else { continue };
                let found = self.store.conversation_by_case(&self.tenant, &id).await?;
                let Some(one) = found else { continue };
                // the org tells times in seconds
                if asks.is_some_and(|since| closed.plus(SECOND_MS) > since) {
                    noticed.push(survey::noticed(
                        &self.tenant,
                        &self.org.ambient,
                        &one,
                        &id,
                        closed,
                    ));
                }
                ended.push((one, Some(closed)));
            }
            self.end(active, ended.into_iter(), noticed).await?;
            let last = rows.last().and_then(|row| row.time("ClosedDate"));
            self.looked.lock().until = last.or(until).or(Some(since));
            match last {
                Some(last) if rows.len() == ROWS_MAX && last > since => since = last,
                _ => return Ok(Ok(())),
            }
        }
    }

    /// A case may be closed after its conversation ended, and is asked about.
    async fn has_cases(&self, asks: bool, now: UnixMs) -> Result<bool, StoreError> {
        Ok(self.store.has_open_cases(&self.tenant).await?
            || asks && self.store.has_cases(&self.tenant, now.plus(-BACK_MS)).await?)
    }

    /// Ends those whose time has come, unless somebody writes meanwhile, with
    /// `ops` in one commit; how many were looked at.
    async fn end(
        &self,
        active: &Active,
        found: impl Iterator<Item = (Conversation, Option<UnixMs>)>,
        mut ops: Vec<Op>,
    ) -> Result<usize, StoreError> {
        let (now, mut seen) = (self.org.ambient.now(), 0);
        for (one, case_closed_at) in found {
            seen += 1;
            let quiet = Quiet {
                opened_at: one.opened_at,
                last_inbound: one.last_inbound_at,
                last_outbound: one.last_message_at,
                case_closed_at,
                ..Quiet::default()
            };
            let ends = ends_at(&active.routing, &quiet).filter(|at| *at <= now);
            let Some(at) = ends.filter(|_| one.closed_at.is_none()) else { continue };
            ops.push(Op::CloseConversation(ConversationClosed {
                tenant: self.tenant.clone(),
                id: one.id,
                at,
                last: one.last_message_at,
                due_at: now,
            }));
        }
        if ops.is_empty() {
            return Ok(0);
        }
        let Some(fence) = self.lease.hold().await? else { return Ok(0) };
        self.store.commit(Commit::fenced(fence, ops)).await?;
        self.nudges.writer.wake();
        Ok(seen)
    }
}
