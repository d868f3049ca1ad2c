//! Newcomers who were to become Contacts.

use model::Stage;
use model::ids::RecordId;
use salesforce::{RecordOutcome, SubResponse};
use store::op::Want;
use store::{Object, Op, RecordKind, RecordState, StoreError};

use super::cases::open_cases;
use super::links::{Made, after, at_home, made};
use crate::routing::{Make, Plan};
use crate::writer::call::Contacts;
use crate::writer::claim::Writer;
use crate::writer::lookup::Candidate;
use crate::writer::newcomers::{ACCOUNT, CONTACT};
use crate::writer::plan::Wave;

pub async fn settle(
    writer: &Writer,
    wave: &Wave,
    contacts: &Contacts,
    ops: &mut Vec<Op>,
) -> Result<(), StoreError> {
    for ((link, person), answer) in wave.make_contacts.iter().zip(contacts) {
        let told = match answer {
            Ok(parts) => outcome(parts, CONTACT),
            Err(fault) => {
                // whether it was made is looked up before it is made again
                let state = match fault.stage {
                    Stage::Unknown => RecordState::Creating,
                    Stage::NotSent | Stage::Answered | Stage::SentNotRecorded => {
                        RecordState::Absent
                    }
                };
                ops.push(Op::RecordStep(after(writer, link, fault, state)));
                continue;
            }
        };
        // the Account's refusal halts the Contact: it is the one that says why
        let account = answer.as_ref().ok().and_then(|parts| outcome(parts, ACCOUNT));
        let told = match (told, &account) {
            (Some(RecordOutcome::Halted), Some(RecordOutcome::Refused(_))) => account.clone(),
            (told, _) => told,
        };
        let Some(told) = told else { continue };
        match made(writer, person, link, told, false) {
            Made::There(id) => {
                let shared = match Plan::kept(link.plan.as_deref()).map(|plan| plan.make) {
                    Some(Make::Contact { account, .. }) => account.map(RecordId::new),
                    _ => None,
                };
                let own = account.and_then(|outcome| outcome.id().cloned());
                let candidate = Candidate { id, account: shared.or(own) };
                at_home(writer, wave, link, RecordKind::Contact, &candidate, ops);
                // their row of this wave was written before there was a Contact
                let (tenant, due_at) = (writer.tenant.clone(), writer.ambient.now());
                let (object, id, root) = (Object::Person, *person.id.as_bytes(), person.id);
                ops.push(Op::Want(Want { tenant, object, id, root, due_at }));
                open_cases(writer, person.id, ops).await?;
            }
            Made::Not(step) => ops.push(Op::RecordStep(step)),
        }
    }
    Ok(())
}

fn outcome(parts: &[SubResponse], reference: &str) -> Option<RecordOutcome> {
    parts.iter().find(|part| part.reference_id() == reference)?.outcomes().pop()
}
