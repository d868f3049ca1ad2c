//! The worker of one tenant: asks who is to be asked, and writes what was heard
//! to the case.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::ids::{RecordId, TenantId};
use model::{Fault, UnixMs, Urgency};
use parking_lot::Mutex;
use salesforce::soql;
use store::op::{AlertCleared, AlertRaised};
use store::{Op, Store, StoreError};
use tokio_util::sync::CancellationToken;

use super::active::SurveysInUse;
use super::write::Kinds;
use crate::directory::Directory;
use crate::lease::Lease;
use crate::nudge::{Nudge, Nudges, Woken, outlast};
use crate::org::Org;

const TICK: Duration = Duration::from_secs(2);
/// While another process works for the tenant.
const IDLE: Duration = Duration::from_secs(30);
/// After the org did not answer, or refused for now.
const AWAY_MS: i64 = 30_000;
pub(super) const IN_ONE_LOOK: u32 = 200;
const ROWS_MAX: usize = 2_000;

#[derive(Clone)]
pub struct Surveys {
    pub tenant: TenantId,
    pub store: Store,
    pub org: Org,
    pub directory: Directory,
    pub surveys: SurveysInUse,
    pub lease: Lease,
    pub nudges: Nudges,
    pub looked: Arc<Mutex<Looked>>,
}

#[derive(Debug)]
pub struct Looked {
    /// The org is left alone until then.
    away_until: UnixMs,
    /// Of the fields that are written.
    pub(super) kinds: Option<Kinds>,
}

impl Default for Looked {
    fn default() -> Self {
        Self { away_until: UnixMs(0), kinds: None }
    }
}

impl Surveys {
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
                        outlast("surveys", error).map(|()| TICK)?
                    }
                },
            };
            if timer.wait(pause, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }

    async fn turn(&self) -> Result<Duration, StoreError> {
        let now = self.org.ambient.now();
        if self.looked.lock().away_until > now
            || self.org.governor.may_call(Urgency::Status, true, now).is_err()
        {
            return Ok(TICK);
        }
        if self.lease.hold().await?.is_none() {
            return Ok(IDLE);
        }
        let active = self.surveys.active(&self.tenant).await?;
        let mut done = Ok(());
        if let Some(survey) = &active.survey {
            done = self.ask_all(survey, active.version).await?;
        }
        if done.is_ok() {
            done = self.write_all(&active).await?;
        }
        if let Err(fault) = done {
            tracing::warn!(tenant = %self.tenant, %fault, "surveys wait for the org");
            self.looked.lock().away_until = now.plus(AWAY_MS);
        }
        Ok(TICK)
    }

    /// When each was closed; `None` for one that is open. One that is gone is
    /// not among them.
    pub(super) async fn closed(
        &self,
        cases: &[&str],
    ) -> Result<BTreeMap<String, Option<UnixMs>>, Fault> {
        let mut found = BTreeMap::new();
        for list in soql::lists(cases, soql::LIST_BYTES_MAX) {
            let query = format!("SELECT Id, IsClosed, ClosedDate FROM Case WHERE Id IN {list}");
            let page = self.org.call(self.org.client.query(&query, ROWS_MAX)).await?;
            for row in page.rows {
                let Some(id) = row.id() else { continue };
                let closed = row.time("ClosedDate").filter(|_| row.flag("IsClosed") == Some(true));
                found.insert(id.to_string(), closed);
            }
        }
        Ok(found)
    }

    pub(super) fn alert(&self, subject: &str, text: String) -> Op {
        let (tenant, at) = (self.tenant.clone(), self.org.ambient.now());
        let (kind, subject) = ("survey".into(), subject.to_owned());
        Op::RaiseAlert(AlertRaised { tenant, kind, subject, text, at })
    }

    pub(super) fn clear(&self, subject: &str) -> Op {
        let (tenant, at) = (self.tenant.clone(), self.org.ambient.now());
        let (kind, subject) = ("survey".into(), subject.to_owned());
        Op::ClearAlert(AlertCleared { tenant, kind, subject, at })
    }

    pub(super) fn of_case(&self, case: &RecordId, what: &str, fault: &Fault) -> Op {
        self.alert(case.as_str(), format!("the case {case}: {what}: {fault}"))
    }
}
