//! What is said when a night finds other figures than were kept.

use model::ids::TenantId;
use model::{Month, UnixMs};
use rules::metrics::{By, Cell, Day, Metric, Unit};
use store::op::{AlertCleared, AlertRaised, CostRecount};
use store::{CostCount, Op, Store, StoreError};

/// Its subject is the metric and the day.
pub const METRIC: &str = "metric_differs";
/// Its subject is the month.
pub const COST: &str = "cost_differs";

/// Raises an alert for each metric of the day that differs, and ends those of the
/// day that do no more.
pub async fn alerts(
    store: &Store,
    tenant: &TenantId,
    day: Day,
    found: &[(Metric, By, String, Cell, Cell)],
    at: UnixMs,
) -> Result<Vec<Op>, StoreError> {
    let subject = |metric: &Metric| format!("{} {day}", metric.as_str());
    let mut ops: Vec<_> = found
        .iter()
        .map(|(metric, by, key, kept, anew)| {
            let of = match by {
                By::All => String::new(),
                by => format!(" (by {} {key})", by.as_str()),
            };
            let text = format!(
                "{} of {day}{of}: {} was kept, {} is counted now. Something of that day was learned \
                 or removed since; `puente metrics recompute --from {day} --to {day}` takes the new \
                 figures",
                metric.as_str(),
                shown(*metric, *kept),
                shown(*metric, *anew),
            );
            raised(tenant, METRIC, subject(metric), text, at)
        })
        .collect();
    let open = store.alerts_open(tenant).await?;
    let of_day = format!(" {day}");
    let differs = |known: &str| found.iter().any(|(metric, ..)| subject(metric) == known);
    ops.extend(
        open.into_iter()
            .filter(|a| a.kind == METRIC && a.subject.ends_with(&of_day) && !differs(&a.subject))
            .map(|alert| cleared(tenant, METRIC, alert.subject, at)),
    );
    Ok(ops)
}

fn shown(metric: Metric, cell: Cell) -> String {
    match metric.unit() {
        Unit::Count => cell.count.to_string(),
        Unit::Money => format!("{:.2} over {}", cell.sum as f64 / 100.0, cell.count),
        Unit::Percent => format!("{} over {}", cell.sum, cell.count),
        Unit::Duration => format!("{} ms over {}", cell.sum, cell.count),
    }
}

/// This month's and the last one's counts against the messages: what differs is
/// counted anew, and said.
pub async fn costs(store: &Store, tenant: &TenantId, at: UnixMs) -> Result<Vec<Op>, StoreError> {
    let mut ops = Vec::new();
    let open = store.alerts_open(tenant).await?;
    let this = Month::of(at);
    for month in [Month(this.0 - 1), this] {
        let (kept, told) = store.cost_compared(tenant, month).await?;
        let open = open.iter().any(|a| a.kind == COST && a.subject == month.to_string());
        ops.extend(judged(tenant, month, &kept, &told, open, at));
    }
    Ok(ops)
}

pub(super) fn judged(
    tenant: &TenantId,
    month: Month,
    kept: &[CostCount],
    told: &[CostCount],
    open: bool,
    at: UnixMs,
) -> Vec<Op> {
    let subject = month.to_string();
    if kept == told {
        return if open { vec![cleared(tenant, COST, subject, at)] } else { Vec::new() };
    }
    let sum = |counts: &[CostCount]| counts.iter().map(|c| c.messages).sum::<i64>();
    let text = format!(
        "deliveries of {month}: {} were counted, the messages say {}; they were counted anew",
        sum(kept),
        sum(told)
    );
    let recount = Op::RecountCost(CostRecount { tenant: tenant.clone(), month });
    vec![recount, raised(tenant, COST, subject, text, at)]
}

fn raised(tenant: &TenantId, kind: &str, subject: String, text: String, at: UnixMs) -> Op {
    Op::RaiseAlert(AlertRaised { tenant: tenant.clone(), kind: kind.into(), subject, text, at })
}

fn cleared(tenant: &TenantId, kind: &str, subject: String, at: UnixMs) -> Op {
    Op::ClearAlert(AlertCleared { tenant: tenant.clone(), kind: kind.into(), subject, at })
}
