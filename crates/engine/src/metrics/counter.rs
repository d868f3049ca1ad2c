//! Counts the days of one tenant when it is time, and keeps what it finds.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use model::UnixMs;
use model::ids::TenantId;
use parking_lot::Mutex;
use rules::metrics::{By, Cell, Cells, Day, Metric, Zone, differing};
use store::op::MetricsKept;
use store::{Commit, MetricCell, MetricDay, Op, StoreError};
use tokio_util::sync::CancellationToken;

use super::figures::Figures;
use super::night;
use crate::lease::Lease;
use crate::nudge::{Woken, outlast};

const TICK: Duration = Duration::from_secs(60);
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The hour of the tenant's day from which the days before are counted anew.
const NIGHT_HOUR: i64 = 3;
/// Seven days in which a message may still come further, and eight in which
/// Meta still tells of it.
const SETTLED_MS: i64 = 15 * DAY_MS;
/// Days that each night looks at: those that may change, and a week that may not.
const NIGHTS: i32 = 22;
const ASKED_MAX: u32 = 32;

#[derive(Clone)]
pub struct Counter {
    pub tenant: TenantId,
    pub figures: Arc<Figures>,
    pub lease: Lease,
    /// The night whose costs were compared.
    pub compared: Arc<Mutex<Option<UnixMs>>>,
}

impl Counter {
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(()),
                done = self.turn() => match done {
                    Err(StoreError::Fenced) => self.lease.lost(),
                    done => done.or_else(|error| outlast("metrics", error))?,
                },
            }
            if self.figures.nudges.metrics.wait(TICK, &stop).await == Woken::Stop {
                return Ok(());
            }
        }
    }

    /// Counts what is asked for and what is due, then compares the costs.
    pub async fn turn(&self) -> Result<(), StoreError> {
        let now = self.figures.ambient.now();
        let zone = self.figures.zone(&self.tenant);
        let (due, night) = (self.due(now, &zone).await?, last_night(now, &zone));
        let costs = self.compared.lock().is_none_or(|at| at < night);
        if due.is_empty() && !costs || self.lease.hold().await?.is_none() {
            return Ok(());
        }
        for day in due {
            self.count(&day, now, &zone).await?;
        }
        if costs {
            let ops = night::costs(&self.figures.store, &self.tenant, now).await?;
            self.commit(ops).await?;
            *self.compared.lock() = Some(night);
        }
        Ok(())
    }

    async fn due(&self, now: UnixMs, zone: &Zone) -> Result<Vec<MetricDay>, StoreError> {
        let store = &self.figures.store;
        let mut due = store.metric_days_asked(&self.tenant, ASKED_MAX).await?;
        let tenants = store.tenants().await?;
        let Some(tenant) = tenants.into_iter().find(|known| known.id == self.tenant) else {
            return Ok(due);
        };
        let (today, night) = (Day::of(now, zone), last_night(now, zone));
        let first = today.plus(-NIGHTS).max(Day::of(tenant.created_at, zone));
        let known = store.metric_days(&self.tenant, first.0, today.0).await?;
        let known: BTreeMap<_, _> = known.into_iter().map(|day| (day.day, day)).collect();
        for day in first.0..=today.0 {
            let never = MetricDay { day, at: None, settled: false, asked: false };
            let kept = known.get(&day).cloned().unwrap_or(never);
            let until = if day == today.0 { now.plus(-HOUR_MS) } else { night };
            if !kept.asked && kept.at.is_none_or(|at| at < until) {
                due.push(kept);
            }
        }
        Ok(due)
    }

    /// A day that settled keeps its figures, and a difference is said aloud;
    /// unless it was asked for.
    async fn count(&self, kept: &MetricDay, now: UnixMs, zone: &Zone) -> Result<(), StoreError> {
        let day = Day(kept.day);
        let anew = self.figures.count(&self.tenant, day).await?;
        let (mut cells, mut found) = (anew, Vec::new());
        if kept.settled && !kept.asked {
            let before = self.kept(day).await?;
            found = differing(&before, &cells);
            cells = before;
        }
        let keep = MetricsKept {
            tenant: self.tenant.clone(),
            day: kept.day,
            at: now,
            settled: now >= day.span(zone).until.plus(SETTLED_MS),
            cells: cells.into_iter().map(stored).collect(),
        };
        let store = &self.figures.store;
        let mut ops = vec![Op::KeepMetrics(keep)];
        ops.extend(night::alerts(store, &self.tenant, day, &found, now).await?);
        self.commit(ops).await
    }

    async fn kept(&self, day: Day) -> Result<Cells, StoreError> {
        let rows = self.figures.store.metric_cells(&self.tenant, day.0, day.0, None).await?;
        // a metric that this version does not know is none of its figures
        let known = rows.into_iter().filter_map(|(_, row)| {
            let place = (Metric::parse(&row.metric)?, By::parse(&row.by)?, row.key);
            Some((place, Cell { count: row.count, sum: row.sum }))
        });
        Ok(known.collect())
    }

    async fn commit(&self, ops: Vec<Op>) -> Result<(), StoreError> {
        // counting took its time: the lease may have to be renewed
        let Some(fence) = self.lease.hold().await? else { return Err(StoreError::Fenced) };
        self.figures.store.commit(Commit::fenced(fence, ops)).await.map(drop)
    }
}

fn stored(((metric, by, key), cell): ((Metric, By, String), Cell)) -> MetricCell {
    let (metric, by) = (metric.as_str().to_owned(), by.as_str().to_owned());
    MetricCell { metric, by, key, count: cell.count, sum: cell.sum }
}

/// The newest moment at which a night's counting was due.
fn last_night(now: UnixMs, zone: &Zone) -> UnixMs {
    let today = Day::of(now, zone);
    let of = |day: Day| day.span(zone).from.plus(NIGHT_HOUR * HOUR_MS);
    if of(today) <= now { of(today) } else { of(today.plus(-1)) }
}
