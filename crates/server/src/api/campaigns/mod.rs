//! Campaigns: one template to many people.

pub mod audience;
pub mod list;
pub mod make;
pub mod one;
pub mod step;

use std::collections::BTreeMap;

use engine::campaign::Report;
use model::UnixMs;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::clock;

#[derive(Serialize, ToSchema)]
#[schema(as = Campaign)]
pub struct Shown {
    #[schema(example = "cmp_019357a0c4d87c3eb3f4a1d2c5e60718")]
    id: String,
    name: String,
    /// `draft`, `checked`, `scheduled`, `running`, `paused`, `stopping`, `done`, `stopped`.
    state: &'static str,
    phone_number_id: String,
    /// As it was sent; `ends_at` in ms since 1970.
    plan: Value,
    made_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<String>,
    /// Why it is paused: `asked`, or what made it pause by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// Cause and cure of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    explained: Option<String>,
    /// What it waits for while it runs: `hours`, `tier`.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_for: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_until: Option<String>,
    /// What the last check found.
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<Check>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CampaignCheck)]
pub struct Check {
    checked_at: String,
    /// People who would get it.
    taken: u64,
    /// People who would not, by reason.
    left_out: BTreeMap<String, u64>,
    /// People that the portfolio may still open today; absent: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    tier_left: Option<u64>,
    /// When it would end if it began at the check; absent: not within a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<String>,
    /// The messaging limit says when, and not the pace.
    by_tier: bool,
    /// Of the template, as Meta says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<String>,
}

impl From<Report> for Check {
    fn from(report: Report) -> Self {
        Self {
            checked_at: clock::text(UnixMs(report.checked_at)),
            taken: report.taken,
            left_out: report.left_out,
            tier_left: report.tier_left,
            ends_at: report.ends_at.map(|at| clock::text(UnixMs(at))),
            by_tier: report.by_tier,
            category: report.category,
            quality: report.quality,
        }
    }
}

impl From<store::Campaign> for Shown {
    fn from(row: store::Campaign) -> Self {
        let halt = row.why.as_deref().and_then(rules::campaign::Halt::parse);
        Self {
            id: row.id.to_string(),
            name: row.name,
            state: row.state.as_str(),
            phone_number_id: row.number.to_string(),
            plan: serde_json::from_str(&row.plan).unwrap_or_default(),
            made_at: clock::text(row.made_at),
            start_at: row.start_at.map(clock::text),
            started_at: row.started_at.map(clock::text),
            ended_at: row.ended_at.map(clock::text),
            explained: halt.map(|halt| {
                let (cause, cure) = halt.explain();
                format!("{cause} {cure}")
            }),
            why: row.why,
            wait_for: row.wait_for,
            wait_until: row.wait_until.map(clock::text),
            check: row.report.as_deref().and_then(Report::kept).map(Check::from),
        }
    }
}
