//! One composite call: written down, then made.

use std::sync::Arc;

use model::Fault;
use model::ids::PersonId;
use salesforce::{DuplicateRule, Record, SubResponse, Subrequest};
use store::op::{RecordStep, SyncBegin, SyncRef};
use store::{Commit, Conversation, Op, Person, RecordLink, RecordState, StoreError, SyncRow};

use super::claim::Writer;
use super::links::place;
use super::plan::{COLLECTION_MAX, Wave};
use super::{convert, lookup, newcomers, project};
use crate::budget::WRITE;
use crate::mapping::Update;
use crate::routing::{self, Make, Plan, Targets};

/// While a call is under way its creates are not due.
const IN_FLIGHT_MS: i64 = 300_000;

/// What parts with updates are called, before their number.
pub const UPDATES: &str = "updates";

pub type Answer = Result<Vec<SubResponse>, Fault>;

/// What became of newcomers who were to become Contacts, in the wave's order.
pub type Contacts = Vec<Result<Vec<SubResponse>, Fault>>;

pub async fn once(writer: &Writer, wave: &Wave) -> Result<(Answer, Contacts), StoreError> {
    let parts = match targets(writer, wave).await {
        Ok(targets) => parts(writer, wave, &targets).map(|parts| (parts, targets)),
        Err(fault) => Err(fault),
    };
    let (parts, targets) = match parts {
        Ok(parts) => parts,
        Err(fault) => return Ok((Err(fault), Vec::new())),
    };
    begin(writer, wave).await?;
    let mut answer = match parts.is_empty() {
        true => Ok(Vec::new()),
        false => writer.client.composite(&parts).await,
    };
    let mut contacts = Vec::new();
    if let Ok(parts) = &mut answer {
        parts.extend(update(writer, wave).await);
        contacts = newcomers::make(writer, wave, &targets).await;
    }
    Ok((answer, contacts))
}

/// Ids that the wave's places name, asked for where they are not known yet.
async fn targets(writer: &Writer, wave: &Wave) -> Result<Arc<Targets>, Fault> {
    let links = wave.make_leads.iter().chain(&wave.make_contacts).map(|(link, _)| link);
    let mut links = links.chain(wave.make_cases.iter().map(|(link, _, _)| link));
    if links.all(|link| place(link).is_plain()) {
        return Ok(Arc::default());
    }
    if let Some(known) = routing::known(&writer.targets, &wave.routing) {
        return Ok(known);
    }
    // two queries
    writer.governor.spend(WRITE, writer.ambient.now());
    writer.governor.spend(WRITE, writer.ambient.now());
    let asked = Arc::new(Targets::ask(&writer.client).await?);
    *writer.targets.lock() = Some((wave.routing.version, asked.clone()));
    Ok(asked)
}

/// Fields of records that are there, by a call of their own: nobody waits for
/// them. Without an answer they are due again with their rows.
async fn update(writer: &Writer, wave: &Wave) -> Vec<SubResponse> {
    let updates = &wave.filled.updates;
    if updates.is_empty() {
        return Vec::new();
    }
    let record = |update: &Update| {
        let record = convert::update(writer.client.names(), update.target, &update.fields);
        record.with_id(&update.record)
    };
    let records: Vec<_> = updates.iter().map(record).collect();
    let parts = records
        .chunks(COLLECTION_MAX)
        .enumerate()
        .map(|(n, records)| Subrequest::update_all(&format!("{UPDATES}{n}"), records))
        .collect::<Result<Vec<_>, _>>();
    let answer = match parts {
        Ok(parts) => writer.client.composite(&parts).await,
        Err(fault) => Err(fault),
    };
    answer.unwrap_or_else(|fault| {
        let (tenant, code) = (&writer.tenant, &fault.code);
        tracing::warn!(%tenant, %code, "fields of a mapping were not written");
        Vec::new()
    })
}

/// Attempts are committed before the call; a create that is called may exist
/// from now on, so it is never repeated before its key was looked up.
async fn begin(writer: &Writer, wave: &Wave) -> Result<(), StoreError> {
    let at = writer.ambient.now();
    let rows = refs(wave).collect();
    let mut ops = vec![Op::SyncBegin(SyncBegin { tenant: writer.tenant.clone(), rows, at })];
    let made = wave.make_leads.iter().chain(&wave.make_contacts).map(|(link, _)| link);
    let made = made.chain(wave.make_cases.iter().map(|(link, _, _)| link));
    for link in made.chain(&wave.reopen_cases) {
        ops.push(Op::RecordStep(RecordStep {
            tenant: writer.tenant.clone(),
            person: link.person,
            kind: link.kind,
            slot: link.slot,
            state: RecordState::Creating,
            record: None,
            due_at: at.plus(IN_FLIGHT_MS),
            charge: true,
            code: None,
            detail: None,
            plan: None,
            at,
        }));
    }
    for _ in 0..=wave.make_contacts.len() {
        writer.governor.spend(WRITE, at);
    }
    if !wave.filled.updates.is_empty() {
        writer.governor.spend(WRITE, at);
    }
    let step = writer.governor.step(at);
    ops.extend(step.ops());
    let fence = writer.tempo.lock().fence.clone().ok_or(StoreError::Fenced)?;
    writer.store.commit(Commit::fenced(fence, ops)).await?;
    writer.governor.noted(step);
    Ok(())
}

pub fn refs(wave: &Wave) -> impl Iterator<Item = SyncRef> + '_ {
    let of = |row: &SyncRow| SyncRef { object: row.object, id: row.id, version: row.wanted };
    let persons = wave.persons.iter().map(move |(row, _)| of(row));
    let conversations = wave.conversations.iter().map(move |(row, _)| of(row));
    persons.chain(conversations).chain(wave.messages.iter().map(move |(row, _, _)| of(row)))
}

fn parts(writer: &Writer, wave: &Wave, targets: &Targets) -> Result<Vec<Subrequest>, Fault> {
    let names = writer.client.names();
    let mut parts = Vec::new();
    if !wave.make_leads.is_empty() {
        let lead = |(link, person): &(RecordLink, Person)| {
            let record = convert::lead(names, person, wave.filled.lead(person.id));
            placed(record, link, "Lead", targets)
        };
        let leads: Vec<_> = wave.make_leads.iter().map(lead).collect();
        let request = Subrequest::create_all("leads", &leads, DuplicateRule::Obey)?;
        parts.push(assigned(request, &wave.make_leads[0].0));
    }
    let cases = case_records(writer, wave, targets);
    if !cases.is_empty() {
        let request = Subrequest::create_all("cases", &cases, DuplicateRule::Obey)?;
        parts.push(assigned(request, &wave.make_cases[0].0));
    }
    let reopened: Vec<_> = reopened(writer, wave).collect();
    if !reopened.is_empty() {
        parts.push(Subrequest::update_all("reopened", &reopened)?);
    }
    if !wave.find_homes.is_empty() {
        let home = writer.directory.home(&writer.tenant);
        let makes = wave.routing.makes_contacts();
        if let Some(query) = lookup::contacts(names, &wave.find_homes, home, makes) {
            parts.push(Subrequest::query("contacts", &query)?);
        }
        parts.push(Subrequest::query("leadsFound", &lookup::leads(names, &wave.find_homes, home))?);
    }
    if !wave.find_cases.is_empty() {
        let query = lookup::cases(names, &wave.find_cases, wave.routing.asks_closed());
        parts.push(Subrequest::query("casesFound", &query)?);
    }
    for (reference, records) in upserts(writer, wave) {
        if !records.is_empty() {
            parts.push(Subrequest::upsert(reference, convert::KEY, &records)?);
        }
    }
    Ok(parts)
}

/// Parents first. Where all conversations are there already, messages are: what
/// somebody waits for need not wait until their parents' dates are written.
fn upserts(writer: &Writer, wave: &Wave) -> [(&'static str, Vec<Record>); 3] {
    let mut upserts = [
        ("persons", persons(writer, wave)),
        ("conversations", conversations(writer, wave)),
        ("messages", messages(writer, wave)),
    ];
    if wave.conversations.iter().all(|(row, _)| row.done > 0) {
        upserts.rotate_right(1);
    }
    upserts
}

/// With the owner and record type that the rules say.
pub(super) fn placed(record: Record, link: &RecordLink, object: &str, targets: &Targets) -> Record {
    let place = place(link);
    let (owner, record_type) = targets.of(&place, object);
    convert::placed(record, owner, record_type)
}

/// All links of one collection say the same of assignment.
fn assigned(request: Subrequest, link: &RecordLink) -> Subrequest {
    match place(link).assign {
        Some(value) => request.assigned_by(&value),
        None => request,
    }
}

/// One record for each link of `make_cases` whose person has a Contact.
fn case_records(writer: &Writer, wave: &Wave, targets: &Targets) -> Vec<Record> {
    let names = writer.client.names();
    let case = |(link, person, conversation): &(RecordLink, Person, Conversation)| {
        let fields = wave.filled.case(conversation.id);
        let record = convert::case(names, person, conversation, fields)?;
        Some(placed(record, link, "Case", targets))
    };
    wave.make_cases.iter().filter_map(case).collect()
}

fn reopened<'a>(writer: &'a Writer, wave: &'a Wave) -> impl Iterator<Item = Record> + 'a {
    wave.reopen_cases.iter().filter_map(|link| {
        let plan = Plan::kept(link.plan.as_deref())?;
        match (plan.make, &link.record) {
            (Make::Reopen { status }, Some(case)) => {
                Some(convert::reopened(writer.client.names(), case, &status))
            }
            _ => None,
        }
    })
}

fn persons(writer: &Writer, wave: &Wave) -> Vec<Record> {
    let made =
        |id: PersonId| wave.make_leads.iter().any(|(link, _)| link.person == id).then_some(id);
    let record = |(row, person): &(SyncRow, store::Person)| {
        project::person(writer, &wave.filled, person, row.wanted, made(person.id))
    };
    wave.persons.iter().map(record).collect()
}

fn conversations(writer: &Writer, wave: &Wave) -> Vec<Record> {
    let is_made = |slot: &[u8; 16]| {
        wave.make_cases.iter().any(|(link, p, _)| link.slot == *slot && p.contact.is_some())
    };
    wave.conversations
        .iter()
        .map(|(row, conversation)| {
            // a person whose row was refused is linked when they get through
            let linked = !wave.refused_persons.contains(&conversation.person);
            let (filled, made) = (&wave.filled, is_made(&row.id));
            project::conversation(writer, filled, conversation, row.wanted, linked, made)
        })
        .collect()
}

fn messages(writer: &Writer, wave: &Wave) -> Vec<Record> {
    wave.messages
        .iter()
        .map(|(row, message, outbox)| {
            project::message(writer, &wave.filled, message, outbox.as_ref(), row.wanted)
        })
        .collect()
}

/// The link of a create that could not be made because its person lost the
/// Contact meanwhile.
pub fn unmade(wave: &Wave) -> impl Iterator<Item = &RecordLink> {
    wave.make_cases.iter().filter(|(_, p, _)| p.contact.is_none()).map(|(link, _, _)| link)
}
