//! Standard records: found, made, or to be asked about.

use model::ids::{ConversationId, RecordId};
use model::{Fault, Stage, UnixMs};
use rules::phone::Reading;
use rules::records::{Home, home};
use rules::routing::Known;
use salesforce::{Clue, RecordOutcome, Row, SubResponse};
use store::op::{ConversationLink, PersonLink, RecordStep, Want};
use store::{Object, Op, Person, RecordKind, RecordLink, RecordState, StoreError};

use super::cases::{missing_cases, open_cases, open_conversations};
use super::{RETRY, delay};
use crate::routing::{self, Make, Plan};
use crate::writer::call;
use crate::writer::claim::Writer;
use crate::writer::lookup::{self, Candidate};
use crate::writer::plan::Wave;

/// The size of the smallest collection that must become smaller, if any.
pub async fn settle(
    writer: &Writer,
    wave: &Wave,
    parts: &[SubResponse],
    ops: &mut Vec<Op>,
) -> Result<Option<usize>, StoreError> {
    let leads = made_leads(writer, wave, parts, ops);
    let cases = made_cases(writer, wave, parts, ops);
    found_homes(writer, wave, parts, ops).await?;
    reopened(writer, wave, parts, ops);
    found_cases(writer, wave, parts, ops).await?;
    let opened = wave.conversations.iter().map(|(_, c)| c.clone()).collect();
    let known = wave.persons.iter().filter(|(_, p)| p.contact.is_some());
    let known: Vec<_> = known.map(|(_, person)| person.id).collect();
    missing_cases(writer, opened, &known, ops).await?;
    Ok(leads.into_iter().chain(cases).min())
}

fn outcomes(parts: &[SubResponse], reference: &str) -> Vec<RecordOutcome> {
    let part = parts.iter().find(|part| part.reference_id() == reference);
    part.map(SubResponse::outcomes).unwrap_or_default()
}

/// Rows of a query, all pages' worth that the bounded look-ups can have.
fn rows(parts: &[SubResponse], reference: &str) -> Option<Result<Vec<Row>, Fault>> {
    let part = parts.iter().find(|part| part.reference_id() == reference)?;
    Some(part.page().map(|page| page.rows))
}

fn made_leads(
    writer: &Writer,
    wave: &Wave,
    parts: &[SubResponse],
    ops: &mut Vec<Op>,
) -> Option<usize> {
    let outcomes = outcomes(parts, "leads");
    let too_large = too_large(&outcomes);
    for ((link, person), outcome) in wave.make_leads.iter().zip(outcomes) {
        match made(writer, person, link, outcome, too_large.is_some()) {
            Made::There(id) => {
                let candidate = Candidate { id, account: None };
                at_home(writer, wave, link, RecordKind::Lead, &candidate, ops);
            }
            Made::Not(step) => ops.push(Op::RecordStep(step)),
        }
    }
    too_large
}

/// The size of a batch of creates that must become smaller.
fn too_large(outcomes: &[RecordOutcome]) -> Option<usize> {
    let smaller = |outcome: &RecordOutcome| matches!(outcome, RecordOutcome::Refused(r) if r.clue == Clue::SmallerBatch);
    (outcomes.len() > 1 && outcomes.iter().any(smaller)).then_some(outcomes.len())
}

fn made_cases(
    writer: &Writer,
    wave: &Wave,
    parts: &[SubResponse],
    ops: &mut Vec<Op>,
) -> Option<usize> {
    let outcomes = outcomes(parts, "cases");
    let too_large = too_large(&outcomes);
    let made_of = wave.make_cases.iter().filter(|(_, p, _)| p.contact.is_some());
    for ((link, person, _), outcome) in made_of.zip(outcomes) {
        match made(writer, person, link, outcome, too_large.is_some()) {
            Made::There(id) => case_linked(writer, wave, link, id, None, ops),
            Made::Not(step) => ops.push(Op::RecordStep(step)),
        }
    }
    for link in call::unmade(wave) {
        ops.push(Op::RecordStep(step(writer, link, RecordState::Wanted, writer.ambient.now())));
    }
    too_large
}

pub(super) enum Made {
    There(RecordId),
    Not(RecordStep),
}

/// One create. An unknown outcome stays `creating`: its key is looked up next.
/// In a batch that was too large a refusal says nothing about one record.
pub(super) fn made(
    writer: &Writer,
    person: &Person,
    link: &RecordLink,
    outcome: RecordOutcome,
    too_large: bool,
) -> Made {
    let now = writer.ambient.now();
    let refusal = match outcome {
        RecordOutcome::Written { id, .. } => return Made::There(id),
        RecordOutcome::Halted => {
            return Made::Not(step(writer, link, RecordState::Absent, now));
        }
        RecordOutcome::Refused(refusal) => refusal,
    };
    match &refusal.clue {
        Clue::Exists(id) => return Made::There(id.clone()),
        Clue::Duplicates(found) => {
            let country = writer.directory.home(&writer.tenant);
            // the same person only when the match has the person's own number
            let own = person.profile.phone_e164.as_deref().and_then(rules::phone::digits);
            let own = own.map(|d| rules::phone::match_key(&d));
            let same = found.matches.iter().find(|m| {
                let phones = ["MobilePhone", "Phone"].into_iter().filter_map(|f| m.row.text(f));
                let mut lines =
                    phones.filter_map(|p| rules::phone::read(p, country)).filter_map(Reading::sure);
                own.is_some() && lines.any(|d| Some(rules::phone::match_key(&d)) == own)
            });
            if let Some(id) = same.and_then(|m| m.id.clone()) {
                return Made::There(id);
            }
        }
        _ => {}
    }
    let state = match refusal.fault.stage {
        Stage::Unknown => RecordState::Creating,
        _ => RecordState::Absent,
    };
    if too_large && refusal.clue == Clue::SmallerBatch {
        return Made::Not(step(writer, link, state, now));
    }
    Made::Not(after(writer, link, &refusal.fault, state))
}

async fn found_homes(
    writer: &Writer,
    wave: &Wave,
    parts: &[SubResponse],
    ops: &mut Vec<Op>,
) -> Result<(), StoreError> {
    if wave.find_homes.is_empty() {
        return Ok(());
    }
    let contacts = rows(parts, "contacts").unwrap_or(Ok(Vec::new()));
    let leads = rows(parts, "leadsFound").unwrap_or(Ok(Vec::new()));
    let (contacts, leads) = match (contacts, leads) {
        (Ok(contacts), Ok(leads)) => (contacts, leads),
        (Err(fault), _) | (_, Err(fault)) => {
            for (link, _) in &wave.find_homes {
                ops.push(Op::RecordStep(after(writer, link, &fault, link.state)));
            }
            return Ok(());
        }
    };
    let country = writer.directory.home(&writer.tenant);
    let homes = lookup::homes(&wave.find_homes, &contacts, &leads, country);
    for (link, _) in &wave.find_homes {
        let Some(found) = homes.get(&link.person) else {
            continue;
        };
        match home(found) {
            Home::Contact(contact) => {
                at_home(writer, wave, link, RecordKind::Contact, &contact, ops);
                open_cases(writer, link.person, ops).await?;
            }
            Home::Lead(lead) => at_home(writer, wave, link, RecordKind::Lead, &lead, ops),
            Home::CreateLead => ops.push(newcomer(writer, wave, link).await?),
        }
    }
    Ok(())
}

/// Salesforce knows nobody: the rules say what they become.
async fn newcomer(writer: &Writer, wave: &Wave, link: &RecordLink) -> Result<Op, StoreError> {
    let (store, tenant, now) = (&writer.store, &writer.tenant, writer.ambient.now());
    let person = wave.find_homes.iter().find(|(one, _)| one.person == link.person);
    let Some((_, person)) = person else {
        return Ok(Op::RecordStep(step(writer, link, RecordState::Absent, now)));
    };
    let number = match wave.routing.newcomers_differ() {
        true => open_conversations(writer, link.person).await?.first().map(|c| c.number.clone()),
        false => None,
    };
    let hours = writer.hours.active(tenant).await?;
    let rules = &wave.routing;
    let plan = routing::newcomer(store, tenant, rules, &hours, person, number, now).await?;
    Ok(Op::RecordStep(planned(writer, link, &plan, None)))
}

/// What was decided waits for its call, or for the person to write again.
fn planned(
    writer: &Writer,
    link: &RecordLink,
    plan: &Plan,
    record: Option<RecordId>,
) -> RecordStep {
    let state = match plan.make {
        Make::Nothing => RecordState::Declined,
        _ => RecordState::Absent,
    };
    let step = step(writer, link, state, writer.ambient.now());
    RecordStep { plan: plan.text(), record, ..step }
}

async fn found_cases(
    writer: &Writer,
    wave: &Wave,
    parts: &[SubResponse],
    ops: &mut Vec<Op>,
) -> Result<(), StoreError> {
    if wave.find_cases.is_empty() {
        return Ok(());
    }
    let rows = match rows(parts, "casesFound") {
        Some(Ok(rows)) => rows,
        Some(Err(fault)) => {
            for (link, _) in &wave.find_cases {
                ops.push(Op::RecordStep(after(writer, link, &fault, link.state)));
            }
            return Ok(());
        }
        None => return Ok(()),
    };
    let ids: Vec<_> =
        wave.find_cases.iter().map(|(link, _)| ConversationId::from_bytes(link.slot)).collect();
    let conversations = writer.store.conversations(&writer.tenant, &ids).await?;
    let hours = writer.hours.active(&writer.tenant).await?;
    for (link, person) in &wave.find_cases {
        if let Some(id) = lookup::own_case(link, &rows) {
            case_linked(writer, wave, link, id, None, ops);
            continue;
        }
        let Some(conversation) = conversations.iter().find(|c| *c.id.as_bytes() == link.slot)
        else {
            continue;
        };
        let known = match (&person.contact, &person.lead) {
            (Some(_), _) => Known::Contact,
            (None, Some(_)) => Known::Lead,
            (None, None) => Known::Nobody,
        };
        let (store, cases) = (&writer.store, lookup::their_cases(person, &rows));
        let (tenant, rules) = (&writer.tenant, &wave.routing);
        let decided = routing::case(store, tenant, rules, &hours, known, conversation, &cases);
        match decided.await? {
            (plan, Some(id)) if plan.make == Make::Take => {
                case_linked(writer, wave, link, id, plan.text(), ops);
            }
            (plan, id) => ops.push(Op::RecordStep(planned(writer, link, &plan, id))),
        }
    }
    Ok(())
}

/// Cases that were closed are open again, or are looked up anew: what became of
/// a lost answer shows there.
fn reopened(writer: &Writer, wave: &Wave, parts: &[SubResponse], ops: &mut Vec<Op>) {
    for (link, outcome) in wave.reopen_cases.iter().zip(outcomes(parts, "reopened")) {
        match outcome {
            RecordOutcome::Written { id, .. } => case_linked(writer, wave, link, id, None, ops),
            RecordOutcome::Halted => {
                let now = writer.ambient.now();
                ops.push(Op::RecordStep(step(writer, link, RecordState::Wanted, now)));
            }
            RecordOutcome::Refused(refusal) => {
                let state = RecordState::Wanted;
                ops.push(Op::RecordStep(after(writer, link, &refusal.fault, state)));
            }
        }
    }
}

/// The person's home is known: the link ends, and the person shows it.
pub(super) fn at_home(
    writer: &Writer,
    wave: &Wave,
    link: &RecordLink,
    kind: RecordKind,
    found: &Candidate,
    ops: &mut Vec<Op>,
) {
    let now = writer.ambient.now();
    let (tenant, id) = (writer.tenant.clone(), found.id.clone());
    let is_lead = kind == RecordKind::Lead;
    ops.push(Op::LinkPerson(PersonLink {
        tenant: tenant.clone(),
        id: link.person,
        lead: is_lead.then(|| id.clone()),
        contact: (!is_lead).then(|| id.clone()),
        account: found.account.clone(),
    }));
    ops.push(linked(writer, link, id, None));
    // a Lead made in this wave is linked in it already, by its create key,
    // unless the person's row found no place in a small one
    let along = wave.persons.iter().any(|(row, _)| row.id == *link.person.as_bytes());
    if link.state != RecordState::Absent || !along {
        let (object, id) = (Object::Person, *link.person.as_bytes());
        ops.push(Op::Want(Want { tenant, object, id, root: link.person, due_at: now }));
    }
}

fn case_linked(
    writer: &Writer,
    wave: &Wave,
    link: &RecordLink,
    case: RecordId,
    plan: Option<String>,
    ops: &mut Vec<Op>,
) {
    let tenant = writer.tenant.clone();
    let id = model::ids::ConversationId::from_bytes(link.slot);
    let case_of = Some(case.clone());
    ops.push(Op::LinkConversation(ConversationLink {
        tenant: tenant.clone(),
        id,
        case: case_of,
        opportunity: None,
    }));
    ops.push(linked(writer, link, case, plan));
    let along = wave.conversations.iter().any(|(row, _)| row.id == link.slot);
    if link.state != RecordState::Absent || !along {
        let (object, due_at) = (Object::Conversation, writer.ambient.now());
        ops.push(Op::Want(Want { tenant, object, id: link.slot, root: link.person, due_at }));
    }
}

fn linked(writer: &Writer, link: &RecordLink, record: RecordId, plan: Option<String>) -> Op {
    let now = writer.ambient.now();
    let step = step(writer, link, RecordState::Linked, now);
    Op::RecordStep(RecordStep { record: Some(record), plan, ..step })
}

fn step(writer: &Writer, link: &RecordLink, state: RecordState, due_at: UnixMs) -> RecordStep {
    RecordStep {
        tenant: writer.tenant.clone(),
        person: link.person,
        kind: link.kind,
        slot: link.slot,
        state,
        record: None,
        due_at,
        charge: false,
        code: None,
        detail: None,
        plan: None,
        at: writer.ambient.now(),
    }
}

/// After a refusal: again later in `state`, or aside.
pub(super) fn after(
    writer: &Writer,
    link: &RecordLink,
    fault: &Fault,
    state: RecordState,
) -> RecordStep {
    let now = writer.ambient.now();
    let wait = delay(writer, fault, link.attempts + 1);
    RecordStep {
        state: if wait.is_some() { state } else { RecordState::Aside },
        due_at: now.plus(wait.unwrap_or(0)),
        charge: true,
        code: Some(fault.code.to_string()),
        detail: Some(fault.detail.clone()),
        ..step(writer, link, state, now)
    }
}

/// The call failed as a whole. Creates that may have happened stay `creating`.
pub fn put_back(writer: &Writer, wave: &Wave, fault: &Fault, pause_ms: i64, ops: &mut Vec<Op>) {
    let due_at = writer.ambient.now().plus(pause_ms.max(RETRY.first_ms));
    let made = match fault.stage {
        Stage::Unknown => RecordState::Creating,
        Stage::NotSent | Stage::Answered | Stage::SentNotRecorded => RecordState::Absent,
    };
    let homes = wave.make_leads.iter().chain(&wave.make_contacts).map(|(link, _)| link);
    let cases = wave.make_cases.iter().map(|(link, _, _)| link);
    for link in homes.chain(cases).chain(&wave.reopen_cases) {
        ops.push(Op::RecordStep(step(writer, link, made, due_at)));
    }
    for (link, _) in wave.find_homes.iter().chain(&wave.find_cases) {
        ops.push(Op::RecordStep(step(writer, link, link.state, due_at)));
    }
}
