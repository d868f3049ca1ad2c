//! The org's own truth: which messages are there, since when, in which order.

use std::collections::BTreeMap;

use salesforce_sim::{Change, Handle};

const MESSAGE: &str = "Puente_Message__c";

/// What became of one message in the org.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub number: usize,
    pub at_ms: i64,
}

/// Follows the org's changes; each message is looked at once, when it appears.
pub struct Watch {
    org: Handle,
    seen: u64,
    pub shown: Vec<Shown>,
    /// Highest number of each conversation, what came in and what went out apart.
    last: BTreeMap<(String, bool), usize>,
    pub out_of_order: u64,
    /// Record ids of what we sent.
    pub outbound: Vec<String>,
}

impl Watch {
    pub fn new(org: Handle) -> Self {
        let seen = org.last_change();
        Self {
            org,
            seen,
            shown: Vec::new(),
            last: BTreeMap::new(),
            out_of_order: 0,
            outbound: Vec::new(),
        }
    }

    /// Reads what was committed since the last time. Often enough, or the org
    /// has forgotten some: that would count as lost.
    pub fn look(&mut self) {
        loop {
            let changes = self.org.changes(self.seen, 2_000);
            let Some(newest) = changes.last() else { return };
            self.seen = newest.seq;
            let made = changes.iter().filter(|c| c.object == MESSAGE && c.kind == "create");
            made.for_each(|change| self.appears(change));
        }
    }

    fn appears(&mut self, change: &Change) {
        let Some(row) = self.org.row(&change.id) else { return };
        let text = row["Text__c"].as_str().unwrap_or_default();
        let Some(number) = text.get(1..).and_then(|n| n.parse::<usize>().ok()) else { return };
        let outbound = text.starts_with('s');
        if outbound {
            self.outbound.push(change.id.clone());
        }
        let conversation = row["Conversation__c"].as_str().unwrap_or_default().to_owned();
        let last = self.last.insert((conversation, outbound), number);
        if last.is_some_and(|last| last > number) {
            self.out_of_order += 1;
        }
        self.shown.push(Shown { number, at_ms: change.at_ms });
    }

    /// Of what we sent, what the org does not show as delivered: status and code.
    pub fn undelivered(&self) -> BTreeMap<String, usize> {
        let mut shown = BTreeMap::new();
        for row in self.outbound.iter().filter_map(|id| self.org.row(id)) {
            let status = row["Status__c"].as_str().unwrap_or("none");
            if !matches!(status, "delivered" | "read") {
                let code = row["Error_Code__c"].as_str().unwrap_or("no code");
                *shown.entry(format!("{status}, {code}")).or_default() += 1;
            }
        }
        shown
    }
}
