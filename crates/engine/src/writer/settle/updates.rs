//! Fields of standard records that are there already.

use model::Fault;
use salesforce::{Clue, RecordOutcome, SubResponse};
use store::Op;
use store::op::Want;

use super::delay;
use crate::mapping::{Update, alert};
use crate::writer::call::UPDATES;
use crate::writer::claim::Writer;
use crate::writer::plan::Wave;

/// A field that could not be written now is tried again after so long.
const AGAIN_MS: i64 = 30_000;

/// The record is not there any more, or is one that nobody may change: what it
/// stood for is looked for elsewhere, and nothing is wrong with the mapping.
const GONE: [&str; 5] = [
    "sf.ENTITY_IS_DELETED",
    "sf.NOT_FOUND",
    "sf.CANNOT_UPDATE_CONVERTED_LEAD",
    "sf.INVALID_CROSS_REFERENCE_KEY",
    "sf.ENTITY_IS_LOCKED",
];

/// The size of a batch that must become smaller, if any.
pub fn settle(
    writer: &Writer,
    wave: &Wave,
    parts: &[SubResponse],
    ops: &mut Vec<Op>,
) -> Option<usize> {
    let told = parts.iter().filter(|part| part.reference_id().starts_with(UPDATES));
    let mut outcomes = told.flat_map(SubResponse::outcomes);
    let (updates, mut too_large) = (&wave.filled.updates, None);
    for update in updates {
        match outcomes.next() {
            Some(RecordOutcome::Written { .. }) => {}
            Some(RecordOutcome::Refused(refusal)) if refusal.clue == Clue::SmallerBatch => {
                if updates.len() > 1 {
                    too_large = Some(updates.len());
                    ops.push(again(writer, update, 0));
                } else {
                    ops.push(refused(writer, update, &refusal.fault));
                }
            }
            Some(RecordOutcome::Refused(refusal)) => {
                let fault = &refusal.fault;
                match delay(writer, fault, 1) {
                    Some(ms) => ops.push(again(writer, update, ms.max(AGAIN_MS))),
                    None if GONE.contains(&fault.code.as_str()) => {}
                    None => ops.push(refused(writer, update, fault)),
                }
            }
            Some(RecordOutcome::Halted) | None => ops.push(again(writer, update, AGAIN_MS)),
        }
    }
    ops.extend(wave.filled.alerts(writer));
    too_large
}

/// With its row: what is written then is what the mapping says by then.
fn again(writer: &Writer, update: &Update, wait_ms: i64) -> Op {
    Op::Want(Want {
        tenant: writer.tenant.clone(),
        object: update.object,
        id: update.id,
        root: update.root,
        due_at: writer.ambient.now().plus(wait_ms),
    })
}

fn refused(writer: &Writer, update: &Update, fault: &Fault) -> Op {
    let subject = update.target.object().to_owned();
    let fields: Vec<_> = update.fields.keys().map(String::as_str).collect();
    let text =
        format!("Salesforce refused an update by the mapping ({}): {fault}", fields.join(", "));
    alert(writer, subject, text)
}
