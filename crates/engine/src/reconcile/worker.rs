//! Makes the reports that were asked for, and asks for one each day.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use model::ids::ReportId;
use model::{Act, Fault, UnixMs};
use parking_lot::Mutex;
use store::op::{NewReport, ReportEnd, TakeLease};
use store::{AskedReport, Commit, Did, Op, StoreError};
use tokio_util::sync::CancellationToken;

use super::run::{Failed, Reconcile, Scope};
use crate::nudge::{Woken, outlast};

const TICK: Duration = Duration::from_secs(30);
const LEASE_MS: i64 = 10 * 60_000;
const RENEW_MS: i64 = 60_000;
/// The hour of the day, UTC, after which the daily report is asked for.
const DAILY_HOUR: i64 = 3;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// While Salesforce cannot be asked, it is tried again after this, then less and
/// less often, for so long.
const AGAIN_MS: i64 = 5 * 60_000;
const PATIENCE_MS: i64 = HOUR_MS;
/// Of the org's daily calls, what the nightly report leaves to the messages.
const LEFT_AT_LEAST: f64 = 0.2;
const DAILY: &str = "daily";

/// The worker of one tenant.
#[derive(Clone)]
pub struct Reconciler {
    pub run: Reconcile,
    /// Name of this process among the holders of leases.
    pub holder: String,
    /// No report is made before then.
    pub not_before: Arc<Mutex<UnixMs>>,
}

impl Reconciler {
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                done = self.turn() => done.or_else(|error| outlast("reconcile", error))?,
            }
            if self.run.nudges.reports.wait(TICK, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }

    /// Asks for the day's report when it is time, and makes what is wanted.
    pub async fn turn(&self) -> Result<(), StoreError> {
        self.ask_daily().await?;
        while let Some(asked) = self.run.store.report_wanted(&self.run.tenant).await? {
            if !self.is_time(&asked) || !self.lease().await? {
                return Ok(());
            }
            match self.make(&asked).await {
                Ok(()) => {}
                Err(Failed::Elsewhere) => return Ok(()),
                Err(Failed::Store(error)) => return Err(error),
                Err(Failed::Salesforce(fault)) if self.tries_again(&asked, &fault) => return Ok(()),
                Err(failed) => self.end(&asked, failed.to_string(), None).await?,
            }
        }
        Ok(())
    }

    /// What nobody asked for waits while the org's calls are scarce.
    fn is_time(&self, asked: &AskedReport) -> bool {
        let scarce = self
            .run
            .client
            .budget()
            .is_some_and(|budget| (budget.left() as f64) < LEFT_AT_LEAST * budget.max as f64);
        let waits = asked.asked_by == DAILY && scarce;
        !waits && self.run.ambient.now() >= *self.not_before.lock()
    }

    fn tries_again(&self, asked: &AskedReport, fault: &Fault) -> bool {
        let now = self.run.ambient.now();
        let again = fault.act != Act::Reject && now.since(asked.asked_at) < PATIENCE_MS;
        if again {
            tracing::warn!(tenant = %self.run.tenant, code = %fault.code, "a report waits for Salesforce");
            *self.not_before.lock() = now.plus(AGAIN_MS.max(now.since(asked.asked_at)));
        }
        again
    }

    /// Once a day and tenant, whoever asks: the id is made of both.
    async fn ask_daily(&self) -> Result<(), StoreError> {
        let now = self.run.ambient.now();
        let day = now.plus(-DAILY_HOUR * HOUR_MS).day();
        let from = UnixMs(i64::from(day) * DAY_MS + DAILY_HOUR * HOUR_MS);
        let tenants = self.run.store.tenants().await?;
        let Some(tenant) = tenants.into_iter().find(|t| t.id == self.run.tenant) else {
            return Ok(());
        };
        if tenant.created_at >= from {
            return Ok(()); // nothing of yesterday to compare
        }
        let hash = rules::keys::sha256(format!("daily|{}|{day}", tenant.id).as_bytes());
        let id = ReportId::from_bytes(std::array::from_fn(|i| hash[i]));
        if self.run.store.report(&tenant.id, id).await?.is_some() {
            return Ok(());
        }
        let ask = NewReport {
            tenant: tenant.id,
            id,
            asked_at: now,
            asked_by: DAILY.into(),
            since: None,
            repair: false,
        };
        self.run.store.commit(Commit::of(vec![Op::AskReport(ask)])).await.map(drop)
    }

    async fn make(&self, asked: &AskedReport) -> Result<(), Failed> {
        let until = self.run.ambient.now();
        let scope = Scope { since: asked.since, until, repair: asked.repair };
        let renewed = AtomicI64::new(self.run.ambient.clock.mono());
        let pulse = || self.still_ours(&renewed).boxed();
        let (signed, sentence) = self.run.run(asked.id, scope, &pulse).await?;
        tracing::info!(tenant = %self.run.tenant, report = %asked.id, %sentence, "both sides compared");
        self.end(asked, sentence, Some(signed.to_string().into_bytes())).await?;
        Ok(())
    }

    /// Renews the lease once a minute.
    async fn still_ours(&self, renewed: &AtomicI64) -> Result<(), Failed> {
        let mono = self.run.ambient.clock.mono();
        if mono - renewed.load(Ordering::Relaxed) < RENEW_MS {
            return Ok(());
        }
        renewed.store(mono, Ordering::Relaxed);
        if self.lease().await? { Ok(()) } else { Err(Failed::Elsewhere) }
    }

    async fn end(
        &self,
        asked: &AskedReport,
        summary: String,
        body: Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let (tenant, id, at) = (self.run.tenant.clone(), asked.id, self.run.ambient.now());
        let end = ReportEnd { tenant, id, at, summary, body };
        self.run.store.commit(Commit::of(vec![Op::EndReport(end)])).await.map(drop)
    }

    async fn lease(&self) -> Result<bool, StoreError> {
        let name = format!("reconcile.{}", self.run.tenant);
        let take = TakeLease { name, holder: self.holder.clone(), lease_ms: LEASE_MS };
        let did = self.run.store.commit(Commit::of(vec![Op::TakeLease(take)])).await?;
        Ok(matches!(did.first(), Some(Did::Lease(Some(_)))))
    }
}
