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
use crate::nudge::{Nudge, Nudges, Woken, outlast};
use crate::org::Org;

const TICK: Duration = Duration::from_secs(60);
/// Salesforce is asked for closed cases so often.
const LOOK_MS: i64 = 5 * 60_000;
/// A process that begins asks for those of so long.
const BACK_MS: i64 = 30 * 86_400_000;
/// A save that was under way at the last look may carry an earlier time.
const OVERLAP_MS: i64 = 60_000;
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
    pub lease: Lease,
    pub nudges: Nudges,
    pub looked: Arc<Mutex<Looked>>,
}

/// When Salesforce was asked last, and until which closing it answered.
#[derive(Debug, Default)]
pub struct Looked {
    at: Option<UnixMs>,
    until: Option<UnixMs>,
}

impl Endings {
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        let timer = Nudge::default();
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                done = self.turn() => done.or_else(|error| {
                    self.lease.lost();
                    outlast("endings", error)
                })?,
            }
            if timer.wait(TICK, &stop).await == Woken::Stop {
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
        if ending.with_case {
            match self.closed_cases(&active).await? {
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
            let ended = self.end(active, quiet.into_iter().map(|one| (one, None))).await?;
            if ended < IN_ONE_COMMIT as usize {
                return Ok(());
            }
        }
    }

    /// The inner error is the org's.
    async fn closed_cases(&self, active: &Active) -> Result<Result<(), Fault>, StoreError> {
        let now = self.org.ambient.now();
        let (at, until) = {
            let looked = self.looked.lock();
            (looked.at, looked.until)
        };
        if at.is_some_and(|at| now.since(at) < LOOK_MS)
            || self.org.governor.may_call(Urgency::Status, true, now).is_err()
            || !self.store.has_open_cases(&self.tenant).await?
            || self.lease.hold().await?.is_none()
        {
            return Ok(Ok(()));
        }
        self.looked.lock().at = Some(now);
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
            let mut ended = Vec::new();
            for row in &rows {
                let (Some(id), Some(closed)) = (row.id(), row.time("ClosedDate")) else { continue };
                let found = self.store.conversation_by_case(&self.tenant, &id).await?;
                ended.extend(found.map(|one| (one, Some(closed))));
            }
            self.end(active, ended.into_iter()).await?;
            let last = rows.last().and_then(|row| row.time("ClosedDate"));
            self.looked.lock().until = last.or(until).or(Some(since));
            match last {
                Some(last) if rows.len() == ROWS_MAX && last > since => since = last,
                _ => return Ok(Ok(())),
            }
        }
    }

    /// Ends those whose time has come, unless somebody writes meanwhile; how many
    /// were looked at.
    async fn end(
        &self,
        active: &Active,
        found: impl Iterator<Item = (Conversation, Option<UnixMs>)>,
    ) -> Result<usize, StoreError> {
        let now = self.org.ambient.now();
        let (mut ops, mut seen) = (Vec::new(), 0);
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
