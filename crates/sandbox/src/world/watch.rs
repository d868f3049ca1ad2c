//! Looks at the orgs whenever something changed there: what a row shows of a
//! status may only rise.

use std::collections::BTreeMap;

use serde_json::Value;

use super::outside::{Outside, TENANTS};

/// As an agent reads it. Before Meta has a message we may say less than we did:
/// an attempt that is proven unsent is queued again.
const LADDER: [&[&str]; 7] = [
    &["received", "queued", "uncertain"],
    &["accepted"],
    &["sent"],
    &["failed"],
    &["delivered"],
    &["read"],
    &["played"],
];

pub fn rank(status: &str) -> Option<usize> {
    LADDER.iter().position(|step| step.contains(&status))
}

#[derive(Default)]
pub struct Watch {
    looked: [u64; 2],
    ranks: BTreeMap<(usize, String), (usize, String)>,
    pub wrongs: Vec<String>,
}

impl Watch {
    pub fn look(&mut self, outside: &Outside) {
        for (tenant, org) in outside.orgs.iter().enumerate() {
            let (org, name) = (org.handle(), TENANTS[tenant].name);
            let last = org.last_change();
            if std::mem::replace(&mut self.looked[tenant], last) == last {
                continue;
            }
            for row in org.rows("Puente_Message__c") {
                let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
                let (key, status) = (text("Key__c"), text("Status__c"));
                let Some(now) = rank(&status) else {
                    self.wrongs.push(format!("{name}: {key} shows the status {status:?}"));
                    continue;
                };
                let seen = self.ranks.insert((tenant, key), (now, status.clone()));
                if let Some((before, was)) = seen.filter(|(before, _)| *before > now) {
                    let what = Value::from(text("Text__c"));
                    self.wrongs.push(format!(
                        "{name}: {what} fell from {was} to {status} ({before} to {now})"
                    ));
                }
            }
        }
    }
}
