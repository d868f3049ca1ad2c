//! One composite call: written down, then made.

use model::Fault;
use model::ids::PersonId;
use salesforce::{DuplicateRule, Record, SubResponse, Subrequest};
use store::op::{RecordStep, SyncBegin, SyncRef};
use store::{Commit, Op, RecordLink, RecordState, StoreError, SyncRow};

use super::claim::Writer;
use super::plan::{COLLECTION_MAX, Wave};
use super::{convert, lookup, project};
use crate::budget::WRITE;
use crate::mapping::Update;

/// While a call is under way its creates are not due.
const IN_FLIGHT_MS: i64 = 300_000;

/// What parts with updates are called, before their number.
pub const UPDATES: &str = "updates";

pub type Answer = Result<Vec<SubResponse>, Fault>;

pub async fn once(writer: &Writer, wave: &Wave) -> Result<Answer, StoreError> {
    let parts = match parts(writer, wave) {
        Ok(parts) => parts,
        Err(fault) => return Ok(Err(fault)),
    };
    begin(writer, wave).await?;
    let mut answer = writer.client.composite(&parts).await;
    if let Ok(parts) = &mut answer {
        parts.extend(update(writer, wave).await);
    }
    Ok(answer)
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
    let made = wave.make_leads.iter().map(|(link, _)| link);
    for link in made.chain(wave.make_cases.iter().map(|(link, _, _)| link)) {
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
            at,
        }));
    }
    writer.governor.spend(WRITE, at);
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

fn parts(writer: &Writer, wave: &Wave) -> Result<Vec<Subrequest>, Fault> {
    let names = writer.client.names();
    let mut parts = Vec::new();
    if !wave.make_leads.is_empty() {
        let leads: Vec<_> = wave
            .make_leads
            .iter()
            .map(|(_, person)| convert::lead(names, person, wave.filled.lead(person.id)))
            .collect();
        parts.push(Subrequest::create_all("leads", &leads, DuplicateRule::Obey)?);
    }
    let cases = case_records(writer, wave);
    if !cases.is_empty() {
        parts.push(Subrequest::create_all("cases", &cases, DuplicateRule::Obey)?);
    }
    if !wave.find_homes.is_empty() {
        let home = writer.directory.home(&writer.tenant);
        if let Some(query) = lookup::contacts(&wave.find_homes, home) {
            parts.push(Subrequest::query("contacts", &query)?);
        }
        parts.push(Subrequest::query("leadsFound", &lookup::leads(names, &wave.find_homes, home))?);
    }
    if !wave.find_cases.is_empty() {
        parts.push(Subrequest::query("casesFound", &lookup::cases(names, &wave.find_cases))?);
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

/// One record for each link of `make_cases` whose person has a Contact.
pub fn case_records(writer: &Writer, wave: &Wave) -> Vec<Record> {
    let names = writer.client.names();
    wave.make_cases
        .iter()
        .filter_map(|(_, person, conversation)| {
            convert::case(names, person, conversation, wave.filled.case(conversation.id))
        })
        .collect()
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
