//! What was committed, in order: a page follows it, a test counts it.

use std::collections::VecDeque;

use serde::Serialize;

/// The newest this many are kept.
const KEPT: usize = 100_000;

/// One committed change of one row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// From 1, without gaps.
    pub seq: u64,
    pub at_ms: i64,
    pub object: String,
    pub id: String,
    /// `create`, `update` or `delete`.
    pub kind: &'static str,
    /// Names of the fields that differ.
    pub fields: Vec<String>,
    pub by: String,
    /// From `Sforce-Call-Options: client=`; Change Data Capture shows it as `changeOrigin`.
    pub client: Option<String>,
    /// Whether assignment rules were asked for (`Sforce-Auto-Assign`).
    pub auto_assign: bool,
}

#[derive(Debug, Default)]
pub struct Changes {
    last: u64,
    kept: VecDeque<Change>,
}

impl Changes {
    pub fn push(&mut self, mut change: Change) {
        self.last += 1;
        change.seq = self.last;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(change);
    }

    pub fn last(&self) -> u64 {
        self.last
    }

    /// Kept changes with a number above `after`, oldest first.
    pub fn after(&self, after: u64) -> impl Iterator<Item = &Change> {
        let first = self.last + 1 - self.kept.len() as u64;
        let skip = (after + 1).saturating_sub(first) as usize;
        self.kept.iter().skip(skip)
    }
}
