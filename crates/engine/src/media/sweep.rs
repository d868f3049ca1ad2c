//! What nobody needs any more leaves the spool.

use model::UnixMs;
use store::{Commit, Op, StoreError};

use super::claim::Worker;

const EVERY_MS: i64 = 60_000;

/// Looks once at the start, and then every minute.
pub async fn turn(worker: &Worker, last: &mut Option<UnixMs>) -> Result<(), StoreError> {
    let now = worker.ambient.now();
    if last.is_some_and(|at| now.since(at) < EVERY_MS) {
        return Ok(());
    }
    *last = Some(now);
    // first looked at, then asked about: what is written in between stays
    let here = worker.spool.ids();
    worker.store.commit(Commit::of(vec![Op::PurgeMedia { now }])).await?;
    let needed = worker.store.media_needed(&here).await?;
    for id in here.into_iter().filter(|id| !needed.contains(id)) {
        worker.forget(id);
    }
    Ok(())
}
