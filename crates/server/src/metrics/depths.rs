//! How much waits, as the store counts it, all tenants together; and how soon
//! it is worked off at the pace of late.

use std::sync::atomic::AtomicU64;

use engine::board::{QueueKind, Trends};
use model::UnixMs;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use store::Depths;

const NAMES: [(&str, &str); 18] = [
    ("journal_depth", "Webhooks stored and not yet read"),
    ("journal_oldest_seconds", "Age of the oldest of them"),
    ("outbox_depth", "Sends waiting"),
    ("outbox_oldest_seconds", "Age of the oldest of them"),
    ("sends_open", "Calls to Meta under way"),
    ("sends_uncertain", "Sends whose answer was lost"),
    ("sends_asked", "Uncertain sends that wait for a person"),
    ("sends_failed", "Sends refused for good"),
    ("sync_due", "Salesforce rows to write"),
    ("sync_oldest_seconds", "Age of the oldest of them"),
    ("sync_aside", "Salesforce rows set aside"),
    ("bulk_jobs", "Shares of a long backlog on their way by Bulk jobs"),
    ("records_aside", "Standard records that could not be made"),
    ("journal_aside", "Webhook bodies set aside whole"),
    ("items_aside", "Webhook items set aside or unclaimed"),
    ("media_due", "Files on their way"),
    ("media_oldest_seconds", "Age of the oldest of them"),
    ("media_aside", "Files set aside"),
];

const DRAINS: [(&str, &str, QueueKind); 4] = [
    ("journal_drain_seconds", "Until the webhooks are read; NaN: not in sight", QueueKind::Journal),
    ("outbox_drain_seconds", "Until the sends are sent; NaN: not in sight", QueueKind::Outbox),
    ("sync_drain_seconds", "Until the rows are written; NaN: not in sight", QueueKind::Salesforce),
    ("media_drain_seconds", "Until the files are there; NaN: not in sight", QueueKind::Files),
];

type Seconds = Gauge<f64, AtomicU64>;

pub struct Gauges([Gauge; 18], [Seconds; 4]);

impl Gauges {
    pub fn register(registry: &mut Registry) -> Self {
        let gauges: [Gauge; 18] = std::array::from_fn(|_| Gauge::default());
        for ((name, help), gauge) in NAMES.iter().zip(&gauges) {
            registry.register(*name, *help, gauge.clone());
        }
        let drains: [Seconds; 4] = std::array::from_fn(|_| Gauge::default());
        for ((name, help, _), gauge) in DRAINS.iter().zip(&drains) {
            registry.register(*name, *help, gauge.clone());
        }
        Self(gauges, drains)
    }

    pub fn set(&self, depths: &Depths, trends: &Trends, now: UnixMs) {
        let age = |since: Option<UnixMs>| since.map_or(0, |at| now.since(at).max(0) / 1000);
        let count = |n: u64| n.min(i64::MAX as u64) as i64;
        let values = [
            count(depths.journal),
            age(depths.journal_oldest),
            count(depths.outbox_queued),
            age(depths.outbox_oldest),
            count(depths.sends_open),
            count(depths.sends_uncertain),
            count(depths.sends_asked),
            count(depths.sends_failed),
            count(depths.sync_due),
            age(depths.sync_oldest),
            count(depths.sync_aside),
            count(depths.bulk_jobs),
            count(depths.records_aside),
            count(depths.journal_aside),
            count(depths.items_aside.saturating_add(depths.items_unclaimed)),
            count(depths.media_due),
            age(depths.media_oldest),
            count(depths.media_aside),
        ];
        for (gauge, value) in self.0.iter().zip(values) {
            gauge.set(value);
        }
        for ((_, _, kind), gauge) in DRAINS.iter().zip(&self.1) {
            let foretold = trends.drains_in_s(None, *kind);
            let empty = kind.of(depths).0 == 0;
            gauge.set(if empty { 0.0 } else { foretold.map_or(f64::NAN, |s| s as f64) });
        }
    }
}
