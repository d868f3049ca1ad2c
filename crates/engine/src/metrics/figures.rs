//! Figures as others ask for them: of a day, and the records behind one.

use std::collections::BTreeMap;

use model::ids::{ConversationId, TenantId};
use model::{Ambient, UnixMs};
use rules::metrics::{Cells, Day, Key, Metric, Source, Span, Tally, Zone};
use store::op::MetricsAsked;
use store::{Commit, Op, Store, StoreError};

use super::walk::{Mark, page};
use crate::nudge::Nudges;
use crate::run::Parts;

const SOURCES: [Source; 6] = [
    Source::Messages,
    Source::Opened,
    Source::Closed,
    Source::Records,
    Source::Answers,
    Source::Won,
];
/// Pages that one question looks through before it answers with what it has.
const PAGES_MAX: usize = 20;

pub struct Figures {
    pub store: Store,
    pub ambient: Ambient,
    pub nudges: Nudges,
    /// By tenant; others count the days of UTC.
    pub zones: BTreeMap<TenantId, Zone>,
}

/// A record behind a figure.
#[derive(Clone, Debug)]
pub struct Record {
    pub at: UnixMs,
    /// Id of the message, the conversation or the record in Salesforce; of an
    /// answer, the case.
    pub id: String,
    pub conversation: Option<ConversationId>,
    pub key: Key,
    /// One, milliseconds, percent, or hundredths.
    pub value: i64,
}

impl Figures {
    pub fn new(parts: &Parts, nudges: Nudges) -> Self {
        Self {
            store: parts.store.clone(),
            ambient: parts.ambient.clone(),
            nudges,
            zones: parts.options.zones.clone(),
        }
    }

    pub fn zone(&self, tenant: &TenantId) -> Zone {
        self.zones.get(tenant).cloned().unwrap_or_default()
    }

    pub fn today(&self, tenant: &TenantId) -> Day {
        Day::of(self.ambient.now(), &self.zone(tenant))
    }

    /// Counts one day from its records.
    pub async fn count(&self, tenant: &TenantId, day: Day) -> Result<Cells, StoreError> {
        let zone = self.zone(tenant);
        let range = day.span(&zone);
        let mut tally = Tally::default();
        for source in SOURCES {
            let mut after = None;
            loop {
                let seen = page(&self.store, tenant, &zone, source, range, after).await?;
                let Some(last) = seen.last() else { break };
                after = Some(last.mark);
                for one in &seen {
                    tally.add(&one.hits, &one.key);
                }
            }
        }
        Ok(tally.cells())
    }

    /// Up to `max` records behind a metric of these days, in order of time, and
    /// where to go on. A page may be short before the end.
    pub async fn records(
        &self,
        tenant: &TenantId,
        metric: Metric,
        (from, to): (Day, Day),
        mut after: Option<Mark>,
        max: usize,
    ) -> Result<(Vec<Record>, Option<Mark>), StoreError> {
        let zone = self.zone(tenant);
        let range = Span { from: from.span(&zone).from, until: to.span(&zone).until };
        let mut out = Vec::new();
        for _ in 0..PAGES_MAX {
            let seen = page(&self.store, tenant, &zone, metric.source(), range, after).await?;
            if seen.is_empty() {
                return Ok((out, None));
            }
            for one in seen {
                after = Some(one.mark);
                let Some(hit) = one.hits.iter().find(|hit| hit.metric == metric) else { continue };
                out.push(Record {
                    at: one.at,
                    id: one.id,
                    conversation: one.conversation,
                    key: one.key,
                    value: hit.value,
                });
                if out.len() == max {
                    return Ok((out, after));
                }
            }
        }
        Ok((out, after))
    }

    /// Asks for days to be counted anew; what is found is taken in place of what
    /// was kept.
    pub async fn ask(&self, tenant: &TenantId, from: Day, to: Day) -> Result<(), StoreError> {
        let asked = MetricsAsked { tenant: tenant.clone(), from: from.0, to: to.0 };
        self.store.commit(Commit::of(vec![Op::AskMetrics(asked)])).await?;
        self.nudges.metrics.wake();
        Ok(())
    }
}
