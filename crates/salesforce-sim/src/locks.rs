//! Row locks: held from the lookup to the commit, waited for at most ten seconds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Mutex as RowLock, OwnedMutexGuard};

/// How long a transaction waits for a row (Salesforce Developer Limits).
const WAIT: Duration = Duration::from_secs(10);

/// So many rows are remembered before those that are free are forgotten.
const KEPT_MAX: usize = 4_096;

#[derive(Debug, Default)]
pub struct Locks {
    rows: Mutex<BTreeMap<String, Arc<RowLock<()>>>>,
}

/// The rows a call holds, and those it waited for in vain.
#[derive(Debug, Default)]
pub struct Held {
    guards: Vec<OwnedMutexGuard<()>>,
    pub refused: BTreeSet<String>,
}

impl Locks {
    /// Takes the rows in the order of their ids, so that two calls cannot wait
    /// for each other. The ten seconds are those of the whole call.
    pub async fn take(&self, ids: BTreeSet<String>) -> Held {
        let mut held = Held::default();
        let deadline = tokio::time::sleep(WAIT);
        tokio::pin!(deadline);
        for id in ids {
            let lock = self.row(&id);
            let guard = if deadline.is_elapsed() {
                lock.try_lock_owned().ok()
            } else {
                tokio::select! {
                    biased;
                    guard = lock.lock_owned() => Some(guard),
                    () = &mut deadline => None,
                }
            };
            match guard {
                Some(guard) => held.guards.push(guard),
                None => drop(held.refused.insert(id)),
            }
        }
        held
    }

    fn row(&self, id: &str) -> Arc<RowLock<()>> {
        let mut rows = self.rows.lock();
        if rows.len() >= KEPT_MAX {
            // Those that nobody holds or waits for.
            rows.retain(|_, lock| Arc::strong_count(lock) > 1);
        }
        rows.entry(id.to_owned()).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_row_held_too_long_is_refused_and_others_are_not() {
        let locks = Locks::default();
        let first = locks.take(ids(&["a"])).await;
        let second = locks.take(ids(&["a", "b"])).await;
        assert_eq!(second.refused, ids(&["a"]));
        drop(first);
        assert!(locks.take(ids(&["a"])).await.refused.is_empty());
        drop(locks.take((0..=KEPT_MAX).map(|n| n.to_string()).collect()).await);
        drop(locks.take(ids(&["c"])).await);
        assert!(locks.rows.lock().len() < 10, "free rows are forgotten");
        assert_eq!(locks.take(ids(&["b"])).await.refused, ids(&["b"]), "held ones are not");
        drop(second);
    }

    #[tokio::test(start_paused = true)]
    async fn a_row_given_back_in_time_is_taken() {
        let locks = Arc::new(Locks::default());
        let first = locks.take(ids(&["a"])).await;
        let other = locks.clone();
        let waiting = tokio::spawn(async move { other.take(ids(&["a"])).await });
        tokio::time::sleep(Duration::from_secs(9)).await;
        drop(first);
        assert!(waiting.await.unwrap().refused.is_empty());
    }
}
