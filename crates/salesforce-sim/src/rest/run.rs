//! Carrying a call out: locks, latency, commit.

use std::collections::BTreeSet;

use super::plan::plan;
use super::{Call, Plan, Reply};
use crate::error::ApiError;
use crate::locks::Held;
use crate::org::Txn;
use crate::records::{Batch, Outcome};
use crate::shared::Shared;

/// One call by itself, or a subrequest of one that has arrived: then `slow_ms`
/// is what the call takes more than usual in this part.
pub async fn run(shared: &Shared, call: Call, slow_ms: Option<u64>, chunk: usize) -> Reply {
    let planned = plan(&mut shared.org.lock(), &call);
    match planned {
        Err(error) => Reply::error(&error),
        Ok(Plan::Done(reply)) => {
            shared.save(0, slow_ms.unwrap_or(0)).await;
            reply
        }
        Ok(Plan::Write(mut batch, shape)) => {
            batch.chunk = batch.chunk.max(chunk);
            let outcomes = write(shared, &call, batch, slow_ms).await;
            shape.reply(&call, outcomes)
        }
    }
}

/// Saves the records of a call, or of one of its parts, under their locks.
pub async fn write(
    shared: &Shared,
    call: &Call,
    mut batch: Batch,
    slow_ms: Option<u64>,
) -> Vec<Outcome> {
    let locks = {
        let org = shared.org.lock();
        batch.prepare(&org);
        batch.locks(&org)
    };
    let wanted: BTreeSet<String> = locks.iter().flatten().cloned().collect();
    let held = lock(shared, wanted).await;
    refuse(shared, &mut batch, &locks, &held);
    let slow_ms = match slow_ms {
        Some(ms) => ms,
        None => shared.arrive().await,
    };
    shared.save(batch.ops.len(), slow_ms).await;
    let mut org = shared.org.lock();
    let mut actor = call.actor.clone();
    actor.at_ms = shared.gate.clock.now_ms();
    let mut txn = Txn::begin(&mut org, actor);
    let outcomes = batch.save(&mut txn);
    txn.commit();
    outcomes
}

/// Takes the rows, which may mean to wait for them.
pub async fn lock(shared: &Shared, rows: BTreeSet<String>) -> Held {
    let _waiting = shared.road.wait(&shared.gate.clock);
    shared.locks.take(rows).await
}

/// Rows whose lock was not got in time fail.
pub fn refuse(shared: &Shared, batch: &mut Batch, locks: &[Vec<String>], held: &Held) {
    let mut refused = 0;
    for (slot, ids) in batch.ops.iter_mut().zip(locks) {
        if let Some(id) = ids.iter().find(|id| held.refused.contains(*id)) {
            let text =
                format!("unable to obtain exclusive access to this record or 1 records: {id}");
            *slot = Err(ApiError::bad("UNABLE_TO_LOCK_ROW", text));
            refused += 1;
        }
    }
    shared.road.locks_refused(refused);
}
