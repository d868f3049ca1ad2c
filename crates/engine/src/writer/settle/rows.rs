//! Upserts of our own objects.

use model::ids::PersonId;
use model::{Fault, Stage};
use salesforce::{Clue, RecordOutcome, SubResponse};
use store::op::{SyncEnd, SyncOutcome, SyncRef, Want};
use store::{Object, Op, StoreError};

use super::cases::open_conversations;
use super::{RETRY, delay};
use crate::writer::call;
use crate::writer::claim::Writer;
use crate::writer::plan::Wave;

/// A parent that is not there yet comes with the next wave.
const PARENT_MS: i64 = 500;

/// Rows of the smallest collection that must become smaller, if any.
pub async fn settle(
    writer: &Writer,
    wave: &Wave,
    parts: &[SubResponse],
    ops: &mut Vec<Op>,
) -> Result<Option<usize>, StoreError> {
    let mut too_large: Option<usize> = None;
    let persons: Vec<_> = wave.persons.iter().map(|(row, _)| row).collect();
    let conversations: Vec<_> = wave.conversations.iter().map(|(row, _)| row).collect();
    let messages: Vec<_> = wave.messages.iter().map(|(row, _, _)| row).collect();
    for (reference, rows) in
        [("persons", persons), ("conversations", conversations), ("messages", messages)]
    {
        let outcomes = parts
            .iter()
            .find(|part| part.reference_id() == reference)
            .map(SubResponse::outcomes)
            .unwrap_or_default();
        let alone = rows.len() == 1;
        for (row, outcome) in rows.iter().zip(outcomes) {
            match &outcome {
                RecordOutcome::Refused(refusal) if refusal.clue == Clue::SmallerBatch => {
                    let size = (!alone).then_some(rows.len());
                    too_large = too_large.into_iter().chain(size).min();
                }
                RecordOutcome::Written { .. } if row.object == Object::Person && row.done == 0 => {
                    let alone = wave.refused_persons.contains(&row.root);
                    let with_us = |id: &_| wave.conversations.iter().any(|(r, _)| r.id == *id);
                    relink(writer, row.root, |id| alone && with_us(id), ops).await?;
                }
                _ => {}
            }
            // it rode along, to be linked with what this call made: without a
            // wish of its own it would not be due again
            if row.wanted <= row.done && !matches!(outcome, RecordOutcome::Written { .. }) {
                ops.push(Op::Want(Want {
                    tenant: writer.tenant.clone(),
                    object: row.object,
                    id: row.id,
                    root: row.root,
                    due_at: writer.ambient.now(),
                }));
            }
            let version = SyncRef { object: row.object, id: row.id, version: row.wanted };
            judge(writer, version, row.attempts + 1, outcome, alone, ops);
        }
    }
    Ok(too_large)
}

/// One row at the version that was written, after so many attempts. `alone`: it
/// was the only one of its batch.
pub(crate) fn judge(
    writer: &Writer,
    row: SyncRef,
    attempts: u32,
    outcome: RecordOutcome,
    alone: bool,
    ops: &mut Vec<Op>,
) {
    let now = writer.ambient.now();
    let end = match outcome {
        RecordOutcome::Written { id, .. } => SyncOutcome::Written(id),
        RecordOutcome::Halted => SyncOutcome::Halted { due_at: now.plus(PARENT_MS) },
        RecordOutcome::Refused(refusal) => {
            let (code, detail) = (refusal.fault.code.to_string(), refusal.fault.detail.clone());
            let wait = match &refusal.clue {
                Clue::SmallerBatch if !alone => Some(0),
                Clue::ParentMissing => {
                    RETRY.delay(attempts, None, &*writer.ambient.chance).map(|_| PARENT_MS)
                }
                _ => delay(writer, &refusal.fault, attempts),
            };
            match wait {
                Some(ms) => SyncOutcome::Retry { code, detail, due_at: now.plus(ms) },
                None => SyncOutcome::Aside { code, detail },
            }
        }
    };
    let tenant = writer.tenant.clone();
    ops.push(Op::SyncEnd(SyncEnd { tenant, row, at: now, end }));
}

/// The person got through: what was written without them is linked now.
/// `unlinked`: conversations that the very same call wrote without them.
pub(crate) async fn relink(
    writer: &Writer,
    person: PersonId,
    unlinked: impl Fn(&[u8; 16]) -> bool,
    ops: &mut Vec<Op>,
) -> Result<(), StoreError> {
    let open = open_conversations(writer, person).await?;
    let keys: Vec<_> = open.iter().map(|c| (Object::Conversation, *c.id.as_bytes())).collect();
    for row in writer.store.sync_rows(&writer.tenant, &keys).await? {
        if row.done > 0 || unlinked(&row.id) {
            ops.push(Op::Want(Want {
                tenant: writer.tenant.clone(),
                object: Object::Conversation,
                id: row.id,
                root: person,
                due_at: writer.ambient.now(),
            }));
        }
    }
    Ok(())
}

/// The call failed as a whole: an unknown outcome is an attempt (upserts may
/// be repeated), a call that never was is none.
pub fn put_back(writer: &Writer, wave: &Wave, fault: &Fault, pause_ms: i64, ops: &mut Vec<Op>) {
    let at = writer.ambient.now();
    let due_at = at.plus(pause_ms);
    for row in call::refs(wave) {
        let end = match fault.stage {
            Stage::Unknown => SyncOutcome::Retry {
                code: fault.code.to_string(),
                detail: fault.detail.clone(),
                due_at,
            },
            Stage::NotSent | Stage::Answered | Stage::SentNotRecorded => {
                SyncOutcome::Halted { due_at }
            }
        };
        ops.push(Op::SyncEnd(SyncEnd { tenant: writer.tenant.clone(), row, at, end }));
    }
}
