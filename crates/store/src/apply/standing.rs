//! How what is known of one wamid merges: the higher rank, the first time of
//! each step. The result is the same in whatever order the reports come.

use model::{Status, UnixMs};

use crate::op::Pricing;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    pub rank: i16,
    pub accepted_at: Option<UnixMs>,
    pub sent_at: Option<UnixMs>,
    pub delivered_at: Option<UnixMs>,
    pub read_at: Option<UnixMs>,
    pub played_at: Option<UnixMs>,
    pub failed_at: Option<UnixMs>,
    /// Of the earliest report that named one.
    pub reason: Option<Reason>,
    /// Of the highest rank that named one: later steps are billed.
    pub pricing: Option<(i16, Pricing)>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reason {
    pub at: UnixMs,
    pub code: String,
    pub detail: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub status: Status,
    pub at: UnixMs,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub pricing: Option<Pricing>,
}

impl Standing {
    /// Whether the rank rose or the time of a step was learned.
    pub fn see(&mut self, report: Report) -> bool {
        let before = self.clone();
        let rank = report.status.rank();
        self.rank = self.rank.max(rank);
        if let Some(time) = self.time_of(report.status) {
            *time = Some(time.map_or(report.at, |known| known.min(report.at)));
        }
        let raised = *self != before;
        if let Some(code) = report.code {
            let reason = Reason { at: report.at, code, detail: report.detail };
            match &self.reason {
                Some(known) if *known <= reason => {}
                _ => self.reason = Some(reason),
            }
        }
        if let Some(pricing) = report.pricing {
            let named = (rank, pricing);
            match &self.pricing {
                Some(known) if order(known) >= order(&named) => {}
                _ => self.pricing = Some(named),
            }
        }
        raised
    }

    fn time_of(&mut self, status: Status) -> Option<&mut Option<UnixMs>> {
        Some(match status {
            Status::Accepted => &mut self.accepted_at,
            Status::Sent => &mut self.sent_at,
            Status::Delivered => &mut self.delivered_at,
            Status::Read => &mut self.read_at,
            Status::Played => &mut self.played_at,
            Status::Failed => &mut self.failed_at,
            Status::Queued | Status::Uncertain => return None,
        })
    }
}

fn order(named: &(i16, Pricing)) -> (i16, &str, &str, &str, bool, Option<&str>) {
    let (rank, Pricing { category, kind, model, billable, calling_code }) = named;
    (*rank, category, kind, model, *billable, calling_code.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn report() -> impl Strategy<Value = Report> {
        let pricing = proptest::option::of(prop_oneof![Just("utility"), Just("marketing")]);
        let code = proptest::option::of(prop_oneof![Just("wa.131047"), Just("wa.131026")]);
        (0..Status::ALL.len(), 0..6i64, code, pricing).prop_map(|(status, at, code, category)| {
            Report {
                status: Status::ALL[status],
                at: UnixMs(at),
                detail: code.map(|code| format!("about {code}")),
                code: code.map(Into::into),
                pricing: category.map(|category| Pricing {
                    category: category.into(),
                    kind: "regular".into(),
                    model: "PMP".into(),
                    billable: true,
                    calling_code: None,
                }),
            }
        })
    }

    proptest! {
        #[test]
        fn any_order_and_any_repeat_gives_the_same(
            reports in proptest::collection::vec(report(), 0..7),
            swaps in proptest::collection::vec((0..7usize, 0..7usize), 0..9),
        ) {
            let merged = |reports: &[Report]| {
                let mut standing = Standing::default();
                for report in reports {
                    standing.see(report.clone());
                }
                standing
            };
            let mut other = reports.clone();
            other.extend(reports.first().cloned());
            for (a, b) in swaps {
                if a < other.len() && b < other.len() {
                    other.swap(a, b);
                }
            }
            prop_assert_eq!(merged(&reports), merged(&other));
        }

        #[test]
        fn a_rank_never_falls_and_a_repeat_raises_nothing(
            reports in proptest::collection::vec(report(), 1..9),
        ) {
            let mut standing = Standing::default();
            for report in reports {
                let before = standing.rank;
                standing.see(report.clone());
                prop_assert!(standing.rank >= before);
                prop_assert!(!standing.see(report));
            }
        }
    }
}
