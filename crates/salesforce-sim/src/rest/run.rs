//! Carrying a call out: locks, latency, commit.

use std::collections::BTreeSet;

use super::plan::plan;
use super::{Call, Plan, Reply};
use crate::error::ApiError;
use crate::locks::Held;
use crate::org::Txn;
use crate::records::{Batch, Outcome};
use crate::shared::Shared;

/// One call by itself. A subrequest of a composite does not wait for the
/// latency of a call again (`is_part`), only for that of its rows.
pub async fn run(shared: &Shared, call: Call, is_part: bool, chunk: usize) -> Reply {
    let planned = plan(&mut shared.org.lock(), &call);
    match planned {
        Err(error) => Reply::error(&error),
        Ok(Plan::Done(reply)) => reply,
        Ok(Plan::Write(mut batch, shape)) => {
            batch.chunk = batch.chunk.max(chunk);
            let outcomes = write(shared, &call, batch, is_part).await;
            shape.reply(&call, outcomes)
        }
    }
}

/// Saves the records of a call, or of one of its parts, under their locks.
pub async fn write(shared: &Shared, call: &Call, mut batch: Batch, is_part: bool) -> Vec<Outcome> {
    let locks = {
        let org = shared.org.lock();
        batch.prepare(&org);
        batch.locks(&org)
    };
    let wanted: BTreeSet<String> = locks.iter().flatten().cloned().collect();
    let held = shared.locks.take(wanted).await;
    refuse(&mut batch, &locks, &held);
    shared.work(batch.ops.len(), !is_part).await;
    let mut org = shared.org.lock();
    let mut actor = call.actor.clone();
    actor.at_ms = shared.gate.clock.now_ms();
    let mut txn = Txn::begin(&mut org, actor);
    let outcomes = batch.save(&mut txn);
    txn.commit();
    outcomes
}

/// Rows whose lock was not got in time fail.
pub fn refuse(batch: &mut Batch, locks: &[Vec<String>], held: &Held) {
    for (slot, ids) in batch.ops.iter_mut().zip(locks) {
        if let Some(id) = ids.iter().find(|id| held.refused.contains(*id)) {
            let text =
                format!("unable to obtain exclusive access to this record or 1 records: {id}");
            *slot = Err(ApiError::bad("UNABLE_TO_LOCK_ROW", text));
        }
    }
}
