//! The API calls of each tenant's org, as the store counts them.

use std::sync::atomic::{AtomicU64, Ordering};

use model::UnixMs;
use model::ids::TenantId;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use store::ApiBudget;

use crate::api::calls_per_message;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    tenant: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    tenant: String,
    kind: String,
}

type Gauges<N, A> = Family<Of, Gauge<N, A>>;

#[derive(Default)]
pub struct Calls {
    calls: Family<Call, Counter>,
    messages: Family<Of, Counter>,
    lock_errors: Family<Of, Counter>,
    per_message: Gauges<f64, AtomicU64>,
    used: Family<Of, Gauge>,
    max: Family<Of, Gauge>,
    ceiling: Family<Of, Gauge>,
    exhausted: Family<Of, Gauge>,
}

impl Calls {
    pub fn register(registry: &mut Registry) -> Self {
        let ours = Self::default();
        let mut add = |name, help, gauge: &Family<Of, Gauge>| {
            registry.register(name, help, gauge.clone());
        };
        add("salesforce_budget_used", "API calls of all in 24 hours", &ours.used);
        add("salesforce_budget_max", "API calls that the org allows", &ours.max);
        add("salesforce_budget_ceiling", "API calls up to which puente calls", &ours.ceiling);
        let help = "Until the ceiling is reached at this pace; absent when not foreseen";
        add("salesforce_budget_exhausted_seconds", help, &ours.exhausted);
        registry.register("salesforce_calls", "API calls made", ours.calls.clone());
        let help = "Messages that Salesforce came to show";
        registry.register("salesforce_messages", help, ours.messages.clone());
        let help = "Records that somebody else held for too long";
        registry.register("salesforce_lock_errors", help, ours.lock_errors.clone());
        let help = "API calls for each message, of 24 hours";
        registry.register("salesforce_calls_per_message", help, ours.per_message.clone());
        ours
    }

    pub fn set(&self, tenant: &TenantId, known: &ApiBudget, now: UnixMs) {
        let of = Of { tenant: tenant.to_string() };
        // totals of the store: they never fall, also not over a restart
        let total = |counter: &Counter, n: i64| {
            counter.inner().store(u64::try_from(n).unwrap_or(0), Ordering::Relaxed);
        };
        for (kind, calls) in &known.calls {
            let call = Call { tenant: of.tenant.clone(), kind: kind.clone() };
            total(&self.calls.get_or_create(&call), *calls);
        }
        total(&self.messages.get_or_create(&of), known.messages);
        total(&self.lock_errors.get_or_create(&of), known.lock_errors);
        if let Some(each) = calls_per_message(known, now) {
            self.per_message.get_or_create(&of).set(each);
        }
        let Some(standing) = known.standing else { return };
        self.used.get_or_create(&of).set(standing.used);
        self.max.get_or_create(&of).set(standing.max);
        self.ceiling.get_or_create(&of).set(standing.ceiling);
        match standing.exhausted_at {
            Some(at) => drop(self.exhausted.get_or_create(&of).set(at.since(now).max(0) / 1_000)),
            None => drop(self.exhausted.remove(&of)),
        }
    }
}
