//! Judge an answer record by record, and commit what became of each.

mod cases;
mod links;
mod newcomers;
mod rows;
mod updates;

use model::{Act, Fault, RetryPolicy, Scope, Stage};
use salesforce::{RecordOutcome, SubResponse};
use store::op::TenantRow;
use store::{Commit, Op, StoreError};

pub(crate) use cases::{missing_cases, open_conversations};
pub(crate) use rows::{judge, relink};

use super::call::{Answer, Contacts};
use super::claim::Writer;
use super::plan::{COLLECTION_MAX, Wave};
use crate::breakers::{Heard, Leave};

/// Rows and links that failed by themselves.
const RETRY: RetryPolicy = RetryPolicy { first_ms: 1_000, max_ms: 600_000, attempts_max: 20 };
/// Rows of a call that failed as a whole wait at least so long.
const PAUSE_MS_MIN: i64 = 500;
/// While an administrator must act, a look every half minute.
const ASK_AGAIN_MS: i64 = 30_000;

/// What the breakers learn of a call.
pub fn hear(writer: &Writer, wave: &Wave, answer: &Answer, leave: Leave) -> Heard {
    let keys = writer.keys(&wave.roots);
    match answer {
        Ok(_) => Heard { pause_ms: 0, ops: writer.breakers.well(&keys) },
        Err(fault) => {
            // a whole call is a lane's at least, whatever the fault says of records
            let whole = Fault { scope: fault.scope.max(Scope::Lane), ..fault.clone() };
            writer.breakers.failed(&keys, &whole, leave)
        }
    }
}

pub async fn settle(
    writer: &Writer,
    wave: &Wave,
    answer: &Answer,
    contacts: &Contacts,
    heard: &Heard,
) -> Result<(), StoreError> {
    let (mut ops, mut tallied) = (heard.ops.clone(), (0, 0));
    let now = writer.ambient.now();
    writer.governor.read(writer.client.budget(), now);
    match answer {
        Ok(parts) => {
            tallied = tally(wave, parts);
            let rows = rows::settle(writer, wave, parts, &mut ops).await?;
            let links = links::settle(writer, wave, parts, &mut ops).await?;
            newcomers::settle(writer, wave, contacts, &mut ops).await?;
            let updates = updates::settle(writer, wave, parts, &mut ops);
            match rows.into_iter().chain(links).chain(updates).min() {
                Some(refused) => shrink(writer, refused),
                None => grow(writer, wave),
            }
            ops.extend(pin(writer));
        }
        Err(fault) => {
            if salesforce::bisects(fault) {
                shrink(writer, wave.largest());
            }
            let pause_ms = heard.pause_ms.max(PAUSE_MS_MIN);
            let (tenant, code) = (&writer.tenant, &fault.code);
            tracing::warn!(%tenant, %code, pause_ms, "a call to Salesforce failed");
            rows::put_back(writer, wave, fault, pause_ms, &mut ops);
            links::put_back(writer, wave, fault, pause_ms, &mut ops);
        }
    }
    let step = writer.governor.step(now);
    ops.extend(step.ops());
    writer.store.commit(Commit::of(ops)).await?;
    writer.governor.noted(step);
    // only now: an answer that the store had no room for is told again
    let (messages, lock_errors) = tallied;
    if messages + lock_errors > 0 {
        writer.governor.wrote(messages, lock_errors, now);
    }
    Ok(())
}

/// Messages that are shown now and were not before, and records that somebody
/// else held.
fn tally(wave: &Wave, parts: &[SubResponse]) -> (i64, i64) {
    let (mut messages, mut lock_errors) = (0, 0);
    for part in parts {
        let outcomes = part.outcomes();
        let locked = |o: &&RecordOutcome| matches!(o, RecordOutcome::Refused(r) if salesforce::is_lock(&r.fault));
        lock_errors += outcomes.iter().filter(locked).count();
        if part.reference_id() == "messages" {
            let fresh = wave.messages.iter().map(|(row, _, _)| row.done == 0);
            let shown = |o: &RecordOutcome| matches!(o, RecordOutcome::Written { .. });
            messages += fresh.zip(&outcomes).filter(|(fresh, o)| *fresh && shown(o)).count();
        }
    }
    (messages as i64, lock_errors as i64)
}

/// The org of the first answer is this tenant's for good: the next start signs
/// in to no other.
fn pin(writer: &Writer) -> Option<Op> {
    let org = writer.client.tokens().org_id()?;
    let mut tempo = writer.tempo.lock();
    if tempo.pinned {
        return None;
    }
    tempo.pinned = true;
    let (tenant, at) = (writer.tenant.clone(), writer.ambient.now());
    Some(Op::PutTenant(TenantRow { tenant, org: Some(org), at }))
}

/// `refused`: rows of the smallest collection that was too large.
fn shrink(writer: &Writer, refused: usize) {
    writer.tempo.lock().rows_max = (refused / 2).max(1);
}

fn grow(writer: &Writer, wave: &Wave) {
    let rows_max = &mut writer.tempo.lock().rows_max;
    if wave.largest() >= *rows_max {
        *rows_max = (*rows_max + *rows_max / 8 + 1).min(COLLECTION_MAX);
    }
}

/// What a refused row or link waits for, or that it is set aside.
fn delay(writer: &Writer, fault: &Fault, attempts: u32) -> Option<i64> {
    let chance = &*writer.ambient.chance;
    match (fault.stage, fault.act) {
        (Stage::Unknown, _) => RETRY.delay(attempts, None, chance),
        (_, Act::Retry { after }) => {
            RETRY.delay(attempts, after.map(|d| d.as_millis() as i64), chance)
        }
        // about the whole org (a missing permission, full storage): it waits
        (_, Act::Ask | Act::Renew) if fault.scope >= Scope::Account => Some(ASK_AGAIN_MS),
        (_, Act::Ask | Act::Renew | Act::Reject) => None,
    }
}
