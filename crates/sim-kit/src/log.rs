//! What was asked of a simulator.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;

/// The newest this many are kept; the counters count all.
const KEPT: usize = 10_000;

/// One request that reached a simulator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: u64,
    pub at_ms: i64,
    /// The operation's name, as fault rules know it.
    pub op: String,
    pub path: String,
    /// HTTP status; none when the connection was cut.
    pub status: Option<u16>,
}

/// The newest requests and exact counts of all, shared by its clones.
#[derive(Clone, Debug, Default)]
pub struct RequestLog(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    seq: u64,
    entries: VecDeque<Entry>,
    counts: BTreeMap<String, u64>,
}

impl RequestLog {
    pub fn record(&self, at_ms: i64, op: &str, path: &str, status: Option<u16>) {
        let mut inner = self.0.lock();
        inner.seq += 1;
        let (seq, op, path) = (inner.seq, op.to_owned(), path.to_owned());
        match inner.counts.get_mut(&op) {
            Some(count) => *count += 1,
            None => drop(inner.counts.insert(op.clone(), 1)),
        }
        if inner.entries.len() == KEPT {
            inner.entries.pop_front();
        }
        inner.entries.push_back(Entry { seq, at_ms, op, path, status });
    }

    /// Requests of one operation since the start or the last [`RequestLog::reset`].
    pub fn count(&self, op: &str) -> u64 {
        self.0.lock().counts.get(op).copied().unwrap_or(0)
    }

    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.0.lock().counts.clone()
    }

    pub fn total(&self) -> u64 {
        self.0.lock().counts.values().sum()
    }

    /// Kept entries with a number above `after`, oldest first.
    pub fn after(&self, after: u64) -> Vec<Entry> {
        self.0.lock().entries.iter().filter(|e| e.seq > after).cloned().collect()
    }

    /// Forgets entries and counts; the numbering goes on.
    pub fn reset(&self) {
        let mut inner = self.0.lock();
        inner.entries.clear();
        inner.counts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_beyond_what_is_kept() {
        let log = RequestLog::default();
        (0..KEPT as i64 + 5).for_each(|at| log.record(at, "a", "/a", Some(200)));
        log.record(9, "b", "/b", None);
        assert_eq!((log.count("a"), log.count("b"), log.count("c")), (KEPT as u64 + 5, 1, 0));
        assert_eq!(log.after(0).len(), KEPT);
        assert_eq!(log.after(KEPT as u64 + 5)[0].op, "b");
        log.reset();
        assert_eq!((log.total(), log.after(0).len()), (0, 0));
        log.record(1, "a", "/a", Some(200));
        assert_eq!(log.after(0)[0].seq, KEPT as u64 + 7);
    }
}
