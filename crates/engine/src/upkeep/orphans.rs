//! Attempts whose process died between the permit and the answer.

use store::op::SendPermit;
use store::{Commit, OutboxState, StoreError};

use super::Upkeep;
use crate::outbound::settle_orphan;

/// A call ends within its time-outs; an attempt open for longer has no caller.
const CALL_MS_MAX: i64 = 90_000;
const ROWS_MAX: u32 = 500;

pub async fn settle(upkeep: &Upkeep) -> Result<(), StoreError> {
    let now = upkeep.ambient.now();
    for tenant in upkeep.store.tenants().await? {
        let sending =
            upkeep.store.outbox_in_state(&tenant.id, OutboxState::Sending, ROWS_MAX).await?;
        let mut ops = Vec::new();
        for row in sending {
            let attempts = upkeep.store.attempts(&tenant.id, row.id).await?;
            let Some(open) = attempts.iter().rev().find(|a| a.ended_at.is_none()) else {
                continue;
            };
            let of_before = upkeep.abandoned_before.is_some_and(|at| open.begun_at < at);
            if of_before || now.since(open.begun_at) > CALL_MS_MAX {
                let permit = SendPermit {
                    tenant: tenant.id.clone(),
                    outbox: row.id,
                    attempt: open.id,
                    number_of_attempt: row.attempts,
                    deadline: open.begun_at,
                };
                ops.push(settle_orphan(permit, now));
            }
        }
        if !ops.is_empty() {
            tracing::warn!(sends = ops.len(), "open calls of an ended process are uncertain now");
            upkeep.store.commit(Commit::of(ops)).await?;
            upkeep.nudges.writer.wake();
        }
    }
    Ok(())
}
