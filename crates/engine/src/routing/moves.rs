//! Cases that a reply moves, and cases whose customer is silent.
//!
//! Each look reads how the cases stand before it writes: a lost answer, a crash
//! or an agent's own change costs one more look. What was looked at is written
//! down, so that a reply moves a case once and a rule closes one once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::ids::{ConversationId, RecordId, TenantId};
use model::{Act, Fault, UnixMs, Urgency};
use parking_lot::Mutex;
use rules::routing::{CaseFacts, Known, Quiet, Verdict, case_ends, reply};
use salesforce::{Record, RecordOutcome, Subrequest, soql};
use store::op::{AlertRaised, CaseSeen};
use store::{Commit, Conversation, Document, Op, Store, StoreError};
use tokio_util::sync::CancellationToken;

use super::active::{Active, Routings};
use super::heard::Heard;
use crate::hours::HoursInUse;
use crate::lease::Lease;
use crate::nudge::{Nudge, Woken, outlast};
use crate::org::Org;

const TICK: Duration = Duration::from_secs(2);
/// While the rules move and close nothing.
const IDLE: Duration = Duration::from_secs(30);
/// Silent cases are looked at so often.
const SILENT_MS: i64 = 3_600_000;
/// After the org did not answer, or refused for now.
const AWAY_MS: i64 = 30_000;
const DAY_MS: i64 = 86_400_000;
const IN_ONE_LOOK: u32 = 200;
const ROWS_MAX: usize = 2_000;

/// The worker of one tenant.
#[derive(Clone)]
pub struct Moves {
    pub tenant: TenantId,
    pub store: Store,
    pub org: Org,
    pub routings: Routings,
    pub hours: HoursInUse,
    pub lease: Lease,
    pub looked: Arc<Mutex<Looked>>,
}

#[derive(Debug)]
pub struct Looked {
    /// The org is left alone until then.
    away_until: UnixMs,
    silent_at: Option<UnixMs>,
}

impl Default for Looked {
    fn default() -> Self {
        Self { away_until: UnixMs(0), silent_at: None }
    }
}

/// A case as Salesforce has it now.
struct Stands {
    status: String,
    is_closed: bool,
    /// Its status is no older than that.
    made_at: Option<UnixMs>,
}

/// One that is to be written, and what is noted once it is.
struct Step {
    case: RecordId,
    status: String,
    seen: CaseSeen,
}

impl Moves {
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        let timer = Nudge::default();
        loop {
            let pause = tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                done = self.turn() => match done {
                    Ok(pause) => pause,
                    Err(error) => {
                        self.lease.lost();
                        outlast("case moves", error).map(|()| TICK)?
                    }
                },
            };
            if timer.wait(pause, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }

    async fn turn(&self) -> Result<Duration, StoreError> {
        let active = self.routings.active(&self.tenant).await?;
        let (moves, closes) = (&active.routing.moves, &active.routing.closes);
        if moves.is_empty() && closes.is_empty() {
            return Ok(IDLE);
        }
        let now = self.org.ambient.now();
        let (away_until, silent_at) = {
            let looked = self.looked.lock();
            (looked.away_until, looked.silent_at)
        };
        if away_until > now || self.org.governor.may_call(Urgency::Live, true, now).is_err() {
            return Ok(TICK);
        }
        if self.lease.hold().await?.is_none() {
            return Ok(IDLE);
        }
        let mut done = Ok(());
        if !moves.is_empty() {
            done = self.replies(&active).await?;
        }
        if done.is_ok()
            && !closes.is_empty()
            && silent_at.is_none_or(|at| now.since(at) >= SILENT_MS)
        {
            done = self.silent(&active, now).await?;
            if done.is_ok() {
                self.looked.lock().silent_at = Some(now);
            }
        }
        if let Err(fault) = done {
            tracing::warn!(tenant = %self.tenant, %fault, "cases wait for the org");
            self.looked.lock().away_until = now.plus(AWAY_MS);
        }
        Ok(TICK)
    }

    /// What customers wrote since the file is in use.
    async fn replies(&self, active: &Active) -> Result<Result<(), Fault>, StoreError> {
        let used = self.store.active_version(&self.tenant, Document::Routing).await?;
        let since = used.map_or(UnixMs(0), |used| used.at);
        loop {
            let found = self.store.conversations_unmoved(&self.tenant, since, IN_ONE_LOOK).await?;
            if found.is_empty() {
                return Ok(Ok(()));
            }
            let cases = match self.read(&found).await {
                Ok(cases) => cases,
                Err(fault) => return Ok(Err(fault)),
            };
            let (mut seen, mut steps) = (Vec::new(), Vec::new());
            for one in &found {
                let noted = self.seen(one.id, one.last_inbound_at, None);
                match self.moved(active, one, &cases).await? {
                    Some((case, status)) => steps.push(Step { case, status, seen: noted }),
                    None => seen.push(noted),
                }
            }
            match self.write(seen, steps).await? {
                // what the org put back comes by again
                Ok(0) => return Ok(Ok(())),
                Ok(_) => {}
                Err(fault) => return Ok(Err(fault)),
            }
        }
    }

    /// The status into which the newest message of the customer takes its case.
    async fn moved(
        &self,
        active: &Active,
        one: &Conversation,
        cases: &BTreeMap<String, Stands>,
    ) -> Result<Option<(RecordId, String)>, StoreError> {
        let Some(id) = &one.case else { return Ok(None) };
        let Some(stands) = cases.get(id.as_str()) else { return Ok(None) };
        let newest = self.store.inbound_end(&self.tenant, one.id, true).await?;
        let heard = newest.map(|message| Heard::all(&[message])).unwrap_or_default();
        let Some(heard) = heard.first() else { return Ok(None) };
        let facts = CaseFacts {
            id,
            opened_at: one.opened_at,
            closed_at: stands.is_closed.then_some(one.opened_at),
            status: &stands.status,
            // the message that a case was made for does not move it
            status_since: stands.made_at,
            moved_by: None,
        };
        let all = [facts.clone()];
        let hours = self.hours.active(&self.tenant).await?;
        let asked = heard.facts(Known::Contact, &all, &hours);
        let Verdict { act, .. } = reply(&active.routing, &asked, &facts);
        Ok(act.map(|status| (id.clone(), status.to_owned())))
    }

    /// Cases in which the last word is ours, for so many days.
    async fn silent(&self, active: &Active, now: UnixMs) -> Result<Result<(), Fault>, StoreError> {
        let days = active.routing.closes.iter().map(|rule| rule.after_days).min().unwrap_or(0);
        let before = now.plus(-days * DAY_MS);
        let mut after = (UnixMs(0), ConversationId::from_bytes([0; 16]));
        loop {
            let store = &self.store;
            let page =
                store.conversations_unanswered(&self.tenant, before, after, IN_ONE_LOOK).await?;
            let Some(last) = page.last() else { return Ok(Ok(())) };
            after = (last.last_message_at.unwrap_or(before), last.id);
            let cases = match self.read(&page).await {
                Ok(cases) => cases,
                Err(fault) => return Ok(Err(fault)),
            };
            let mut steps = Vec::new();
            for one in &page {
                let Some(id) = &one.case else { continue };
                let Some(stands) = cases.get(id.as_str()) else { continue };
                let quiet = Quiet {
                    opened_at: one.opened_at,
                    last_inbound: one.last_inbound_at,
                    last_outbound: one.last_message_at,
                    case_closed_at: stands.is_closed.then_some(one.opened_at),
                    case_status: Some(&stands.status),
                    ..Quiet::default()
                };
                let ends = case_ends(&active.routing, &quiet).filter(|(_, at)| *at <= now);
                if let Some((rule, _)) = ends {
                    let seen = self.seen(one.id, None, Some(now));
                    steps.push(Step { case: id.clone(), status: rule.to.clone(), seen });
                }
            }
            if let Err(fault) = self.write(Vec::new(), steps).await? {
                return Ok(Err(fault));
            }
        }
    }

    async fn read(&self, found: &[Conversation]) -> Result<BTreeMap<String, Stands>, Fault> {
        let ids: Vec<_> =
            found.iter().filter_map(|one| one.case.as_ref()).map(RecordId::as_str).collect();
        let mut cases = BTreeMap::new();
        for list in soql::lists(&ids, soql::LIST_BYTES_MAX) {
            let query =
                format!("SELECT Id, Status, IsClosed, CreatedDate FROM Case WHERE Id IN {list}");
            let page = self.org.call(self.org.client.query(&query, ROWS_MAX)).await?;
            for row in page.rows {
                let Some(id) = row.id() else { continue };
                let status = row.text("Status").unwrap_or_default().to_owned();
                let is_closed = row.flag("IsClosed") == Some(true);
                let made_at = row.time("CreatedDate");
                cases.insert(id.to_string(), Stands { status, is_closed, made_at });
            }
        }
        Ok(cases)
    }

    /// How many were noted. The inner error: what was not written is looked at
    /// again.
    async fn write(
        &self,
        seen: Vec<CaseSeen>,
        steps: Vec<Step>,
    ) -> Result<Result<usize, Fault>, StoreError> {
        let (mut ops, mut waits) = (seen.into_iter().map(Op::CaseSeen).collect::<Vec<_>>(), None);
        if !steps.is_empty() {
            let record = |step: &Step| {
                let record = Record::new(self.org.client.names(), "Case").with_id(&step.case);
                record.set("Status", step.status.clone())
            };
            let records: Vec<_> = steps.iter().map(record).collect();
            let answer = match Subrequest::update_all("cases", &records) {
                Ok(request) => self.org.call(self.org.client.send(&request)).await,
                Err(fault) => Err(fault),
            };
            let outcomes = match answer {
                Ok(answer) => answer.outcomes(),
                Err(fault) => return Ok(Err(fault)),
            };
            for (step, outcome) in steps.into_iter().zip(outcomes) {
                match outcome {
                    RecordOutcome::Written { .. } => ops.push(Op::CaseSeen(step.seen)),
                    RecordOutcome::Halted => {}
                    RecordOutcome::Refused(refusal) => match refusal.fault.act {
                        Act::Retry { .. } | Act::Renew => waits = Some(refusal.fault),
                        // a rule of the org, or a case that is gone: not by asking again
                        Act::Reject | Act::Ask => {
                            ops.push(self.refused(&step, &refusal.fault));
                            ops.push(Op::CaseSeen(step.seen));
                        }
                    },
                }
            }
        }
        let (fence, noted) = (self.lease.hold().await?.ok_or(StoreError::Fenced)?, ops.len());
        self.store.commit(Commit::fenced(fence, ops)).await?;
        Ok(waits.map_or(Ok(noted), Err))
    }

    fn refused(&self, step: &Step, fault: &Fault) -> Op {
        let text = format!(
            "the case {} could not be brought into '{}' by a rule of the routing: {fault}",
            step.case, step.status
        );
        let (tenant, at) = (self.tenant.clone(), self.org.ambient.now());
        Op::RaiseAlert(AlertRaised {
            tenant,
            kind: "routing".into(),
            subject: step.case.to_string(),
            text,
            at,
        })
    }

    fn seen(&self, id: ConversationId, moved: Option<UnixMs>, closed: Option<UnixMs>) -> CaseSeen {
        CaseSeen { tenant: self.tenant.clone(), id, moved, closed }
    }
}
