//! Judge an answer record by record, and commit what became of each.

mod cases;
mod links;
mod rows;

use model::{Act, Fault, RetryPolicy, Scope, Stage};
use salesforce::{RecordOutcome, SubResponse};
use store::op::{AlertCleared, AlertRaised, TenantRow};
use store::{Commit, Op, StoreError};

pub(crate) use cases::missing_cases;
pub(crate) use rows::{judge, relink};

use super::call::Answer;
use super::claim::Writer;
use super::plan::{COLLECTION_MAX, Wave};

/// Rows and links that failed by themselves.
const RETRY: RetryPolicy = RetryPolicy { first_ms: 1_000, max_ms: 600_000, attempts_max: 20 };
/// The call as a whole: a short breath first, at most a minute.
const PAUSE: RetryPolicy = RetryPolicy { first_ms: 500, max_ms: 60_000, attempts_max: u32::MAX };
/// While an administrator must act, a look every half minute.
const ASK_AGAIN_MS: i64 = 30_000;
const ALERT: &str = "salesforce";

pub async fn settle(writer: &Writer, wave: &Wave, answer: &Answer) -> Result<(), StoreError> {
    let (mut ops, mut tallied) = (Vec::new(), (0, 0));
    let now = writer.ambient.now();
    writer.governor.read(writer.client.budget(), now);
    match answer {
        Ok(parts) => {
            tallied = tally(wave, parts);
            let rows = rows::settle(writer, wave, parts, &mut ops).await?;
            let links = links::settle(writer, wave, parts, &mut ops).await?;
            match rows.into_iter().chain(links).min() {
                Some(refused) => shrink(writer, refused),
                None => grow(writer, wave),
            }
            ops.extend(pin(writer));
            ops.push(recovered(writer));
        }
        Err(fault) => {
            if salesforce::bisects(fault) {
                shrink(writer, wave.largest());
            }
            let pause_ms = pause(writer, fault, &mut ops);
            rows::put_back(writer, wave, fault, pause_ms, &mut ops);
            links::put_back(writer, wave, fault, pause_ms, &mut ops);
        }
    }
    let step = writer.governor.step(now);
    ops.extend(step.ops());
    writer.store.commit(Commit::of(ops)).await?;
    writer.governor.noted(&step);
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

/// The org answers: what went wrong before is over.
pub(crate) fn recovered(writer: &Writer) -> Op {
    writer.tempo.lock().failures = 0;
    let (tenant, at) = (writer.tenant.clone(), writer.ambient.now());
    let (kind, subject) = (ALERT.into(), "connection".into());
    Op::ClearAlert(AlertCleared { tenant, kind, subject, at })
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

/// How long the org is left alone after a call that failed as a whole.
pub(crate) fn pause(writer: &Writer, fault: &Fault, ops: &mut Vec<Op>) -> i64 {
    let now = writer.ambient.now();
    let mut tempo = writer.tempo.lock();
    tempo.failures = tempo.failures.saturating_add(1);
    let hint = match fault.act {
        Act::Retry { after } => after.map(|d| d.as_millis() as i64),
        Act::Renew | Act::Ask => Some(ASK_AGAIN_MS),
        Act::Reject => None,
    };
    let chance = &*writer.ambient.chance;
    let pause_ms = PAUSE.delay(tempo.failures, hint, chance).unwrap_or(ASK_AGAIN_MS);
    tempo.paused_until = now.plus(pause_ms);
    let failures = tempo.failures;
    drop(tempo);
    if matches!(fault.act, Act::Ask | Act::Reject) || failures == 5 {
        ops.push(Op::RaiseAlert(AlertRaised {
            tenant: writer.tenant.clone(),
            kind: ALERT.into(),
            subject: "connection".into(),
            text: fault.to_string(),
            at: now,
        }));
    }
    tracing::warn!(tenant = %writer.tenant, code = %fault.code, pause_ms, "a call to Salesforce failed");
    pause_ms
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
