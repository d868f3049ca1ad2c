//! Are there API calls left for puente?

use rules::budget::{Budget, Reading};

use super::said::Said;
use super::scene::Org;
use crate::app::policy;

pub async fn check(org: &Org<'_>, now: model::UnixMs) -> Said {
    let client = match &org.client {
        Ok(client) => client,
        Err(why) => return Said::skip(why),
    };
    let limits = match client.limits().await {
        Ok(limits) => limits,
        Err(fault) => return Said::of(&fault),
    };
    let Some(calls) = limits.get("DailyApiRequests") else {
        return Said::warn(
            "the org does not tell its daily API calls",
            "give the integration user the permission View Setup and Configuration",
        );
    };
    let mut budget = Budget::new(policy(org.tenant));
    budget.read(Reading { used: calls.max - calls.remaining, max: calls.max, at: now });
    let Some(outlook) = budget.outlook(now) else {
        return Said::skip("no reading");
    };
    let found = format!(
        "{} of {} calls of 24 hours are used; puente calls up to {}",
        outlook.used, outlook.max, outlook.ceiling
    );
    let names = |lanes: &[model::Urgency]| {
        lanes.iter().map(|lane| lane.as_str()).collect::<Vec<_>>().join(", ")
    };
    let cure = "Setup > Company Information shows the allocation, Setup > API Usage who uses it: \
                let other programs call less, buy more calls, or raise \
                tenant.salesforce.daily_calls_percent";
    match (&outlook.waiting[..], &outlook.slowed[..]) {
        ([], []) => Said::ok(found),
        ([], slowed) => Said::warn(format!("{found}; slowed: {}", names(slowed)), cure),
        (waiting, _) => Said::warn(format!("{found}; waiting: {}", names(waiting)), cure),
    }
}
