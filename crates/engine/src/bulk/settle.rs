//! What became of a job, row by row, by the rules of the writer.

use std::collections::BTreeMap;

use model::Fault;
use model::ids::{ConversationId, PersonId, RecordId};
use salesforce::RecordOutcome;
use salesforce::bulk::{Job, JobState};
use store::op::SyncRef;
use store::{BulkJob, BulkRow, Object, Op, StoreError};

use super::call::{object, rest};
use super::claim::Bulk;
use crate::writer::{project, settle as writer};

/// Rows of one commit: others get in between.
const SLICE: usize = 500;
/// Calls that ask for results: written, refused, not reached.
const RESULTS: usize = 3;

/// Records each row that has a result. A fault: the results could not be had,
/// and nothing is lost by asking again. Rows without one are still in the job.
pub async fn settle(
    bulk: &Bulk,
    job: &BulkJob,
    remote: &RecordId,
    stands: &Job,
) -> Result<Result<(), Fault>, StoreError> {
    let name = object(job.object);
    let results = match bulk.org(RESULTS).bulk_results(remote, name, project::KEY).await {
        Ok(results) => results,
        // its file was never read: no result has a column
        Err(_) if stands.state == JobState::Failed && stands.processed == 0 => {
            salesforce::bulk::Results::default()
        }
        Err(fault) => return Ok(Err(fault)),
    };
    if let Some(refusal) = stands.refusal() {
        // as a whole, over what its file has: calls find out which rows it is
        tracing::warn!(tenant = %bulk.writer.tenant, fault = %refusal.fault, "a job failed");
        rest(bulk);
    }
    let rows = bulk.writer.store.bulk_rows(&bulk.writer.tenant, job.id).await?;
    let mut by_key: BTreeMap<String, BulkRow> =
        rows.into_iter().map(|row| (key(&row), row)).collect();
    let written = results.written.into_iter().map(|w| {
        let outcome = RecordOutcome::Written { id: w.id, created: w.created };
        (w.key, outcome)
    });
    let refused = results.refused.into_iter().map(|(k, why)| (k, RecordOutcome::Refused(why)));
    let ended: Vec<_> = written
        .chain(refused)
        .filter_map(|(key, outcome)| Some((by_key.remove(&key)?, outcome)))
        .collect();
    for slice in ended.chunks(SLICE) {
        let mut ops = Vec::new();
        for (row, outcome) in slice {
            let version = SyncRef { object: row.object, id: row.id, version: row.sent };
            writer::judge(&bulk.writer, version, row.attempts, outcome.clone(), false, &mut ops);
        }
        follow(bulk, job.object, slice, &mut ops).await?;
        bulk.commit(ops).await?;
        let (messages, lock_errors) = tally(slice);
        bulk.writer.governor.wrote(messages, lock_errors, bulk.now());
    }
    bulk.writer.nudges.writer.wake();
    Ok(Ok(()))
}

/// Messages that are shown now and were not before, and rows that somebody else
/// held.
fn tally(slice: &[(BulkRow, RecordOutcome)]) -> (i64, i64) {
    let (mut messages, mut lock_errors) = (0, 0);
    for (row, outcome) in slice {
        match outcome {
            RecordOutcome::Written { .. } => {
                messages += i64::from(row.object == Object::Message && row.done == 0);
            }
            RecordOutcome::Refused(refusal) => {
                lock_errors += i64::from(salesforce::is_lock(&refusal.fault));
            }
            RecordOutcome::Halted => {}
        }
    }
    (messages, lock_errors)
}

/// What a written row brings about.
async fn follow(
    bulk: &Bulk,
    object: Object,
    slice: &[(BulkRow, RecordOutcome)],
    ops: &mut Vec<Op>,
) -> Result<(), StoreError> {
    let (store, tenant) = (&bulk.writer.store, &bulk.writer.tenant);
    let written = || {
        let done =
            |(_, outcome): &&(_, RecordOutcome)| matches!(outcome, RecordOutcome::Written { .. });
        slice.iter().filter(done).map(|(row, _)| row)
    };
    match object {
        Object::Person => {
            let ids: Vec<_> = written().map(|row| PersonId::from_bytes(row.id)).collect();
            for row in written().filter(|row| row.done == 0) {
                writer::relink(&bulk.writer, row.root, |_| false, ops).await?;
            }
            let mut people = store.persons(tenant, &ids).await?;
            people.retain(|person| person.contact.is_some());
            let people: Vec<_> = people.iter().map(|person| person.id).collect();
            writer::missing_cases(&bulk.writer, Vec::new(), &people, ops).await
        }
        Object::Conversation => {
            let ids: Vec<_> = written().map(|row| ConversationId::from_bytes(row.id)).collect();
            let opened = store.conversations(tenant, &ids).await?;
            writer::missing_cases(&bulk.writer, opened, &[], ops).await
        }
        Object::Message => Ok(()),
    }
}

/// As Salesforce knows the row.
fn key(row: &BulkRow) -> String {
    match row.object {
        Object::Person => PersonId::from_bytes(row.id).to_string(),
        Object::Conversation => ConversationId::from_bytes(row.id).to_string(),
        Object::Message => row.record_key.clone().unwrap_or_default(),
    }
}
