//! One part of a share as a file: the records are the writer's own.

use std::collections::BTreeSet;

use bytes::Bytes;
use model::ids::{ConversationId, MessageId, PersonId};
use salesforce::Record;
use salesforce::bulk::{Pushed, Sheet};
use store::op::SyncRef;
use store::{BulkJob, Object, StoreError, SyncRow};

use super::claim::Bulk;
use crate::mapping::{Filled, ToFill, fill};
use crate::writer::project;

/// A file of so many bytes is in memory at a time; what does not fit comes next.
const BYTES_MAX: usize = 32_000_000;
/// Rows read and converted at a time.
const SLICE: usize = 500;

pub struct Room {
    pub rows_max: usize,
}

/// What goes into the job, and what has to go by calls.
pub struct Part {
    pub csv: Bytes,
    pub rows: Vec<SyncRef>,
    pub by_call: Vec<(Object, [u8; 16])>,
}

/// What the share's people want of `job.object` since before it was claimed.
pub async fn part(bulk: &Bulk, job: &BulkJob) -> Result<Part, StoreError> {
    let (store, tenant) = (&bulk.writer.store, &bulk.writer.tenant);
    let room = bulk.sheet();
    let max = u32::try_from(room.rows_max).unwrap_or(u32::MAX);
    let pending = store.bulk_pending(tenant, job.id, job.object, job.begun_at, max).await?;
    let mut sheet = Sheet::new(BYTES_MAX);
    let (mut rows, mut by_call, mut unfit) = (Vec::new(), Vec::new(), BTreeSet::new());
    'full: for slice in pending.chunks(SLICE) {
        let records = match job.object {
            Object::Person => persons(bulk, slice).await?,
            Object::Conversation => conversations(bulk, slice).await?,
            Object::Message => messages(bulk, slice).await?,
        };
        for (row, record) in records {
            // what comes after a message that goes by call must not be ahead of it
            let behind = row.object == Object::Message && unfit.contains(&row.root);
            let record = record.filter(|_| !behind);
            let pushed = record.map_or(Pushed::Unfit, |record| sheet.push(&record));
            match pushed {
                Pushed::In => {
                    rows.push(SyncRef { object: row.object, id: row.id, version: row.wanted });
                }
                Pushed::Full => break 'full,
                Pushed::Unfit => {
                    unfit.insert(row.root);
                    by_call.push((row.object, row.id));
                }
            }
        }
    }
    Ok(Part { csv: sheet.finish(), rows, by_call })
}

/// `None`: a call must look after this one.
type Records<'a> = Vec<(&'a SyncRow, Option<Record>)>;

async fn persons<'a>(bulk: &Bulk, rows: &'a [SyncRow]) -> Result<Records<'a>, StoreError> {
    let writer = &bulk.writer;
    let ids: Vec<_> = rows.iter().map(|row| PersonId::from_bytes(row.id)).collect();
    let people = writer.store.persons(&writer.tenant, &ids).await?;
    let to_fill = ToFill { persons: people.iter().collect(), ..ToFill::default() };
    let filled = filled(bulk, to_fill).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let person = people.iter().find(|p| *p.id.as_bytes() == row.id);
            let person = person.filter(|_| !filled.goes_by_call(Object::Person, &row.id));
            (row, person.map(|person| project::person(writer, &filled, person, row.wanted, None)))
        })
        .collect())
}

/// A person whom Salesforce does not have is left out, and linked when they get
/// through.
async fn conversations<'a>(bulk: &Bulk, rows: &'a [SyncRow]) -> Result<Records<'a>, StoreError> {
    let (writer, tenant) = (&bulk.writer, &bulk.writer.tenant);
    let ids: Vec<_> = rows.iter().map(|row| ConversationId::from_bytes(row.id)).collect();
    let opened = writer.store.conversations(tenant, &ids).await?;
    let roots: BTreeSet<_> = rows.iter().map(|row| *row.root.as_bytes()).collect();
    let there = there(bulk, Object::Person, roots).await?;
    let to_fill = ToFill { conversations: opened.iter().collect(), ..ToFill::default() };
    let filled = filled(bulk, to_fill).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let conversation = opened.iter().find(|c| *c.id.as_bytes() == row.id);
            let conversation =
                conversation.filter(|_| !filled.goes_by_call(Object::Conversation, &row.id));
            let linked = there.contains(row.root.as_bytes());
            let record = conversation
                .map(|c| project::conversation(writer, &filled, c, row.wanted, linked, false));
            (row, record)
        })
        .collect())
}

async fn messages<'a>(bulk: &Bulk, rows: &'a [SyncRow]) -> Result<Records<'a>, StoreError> {
    let (writer, tenant) = (&bulk.writer, &bulk.writer.tenant);
    let ids: Vec<_> = rows.iter().map(|row| MessageId::from_bytes(row.id)).collect();
    let found = writer.store.messages(tenant, &ids).await?;
    let parents = found.iter().map(|m| *m.conversation.as_bytes()).collect();
    let there = there(bulk, Object::Conversation, parents).await?;
    let to_fill = ToFill { messages: found.iter().collect(), ..ToFill::default() };
    let filled = filled(bulk, to_fill).await?;
    let mut by_id: std::collections::BTreeMap<_, _> =
        found.into_iter().map(|m| (*m.id.as_bytes(), m)).collect();
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let message = by_id.remove(&row.id);
        let parent = message.filter(|m| there.contains(m.conversation.as_bytes()));
        let record = match parent {
            None => None,
            Some(message) => {
                let outbox = match message.outbox {
                    Some(id) => writer.store.outbox(tenant, id).await?,
                    None => None,
                };
                Some(project::message(writer, &filled, &message, outbox.as_ref(), row.wanted))
            }
        };
        records.push((row, record));
    }
    Ok(records)
}

async fn filled(bulk: &Bulk, rows: ToFill<'_>) -> Result<Filled, StoreError> {
    let active = bulk.writer.mappings.active(&bulk.writer.tenant).await?;
    let filled = fill(&bulk.writer, active, rows).await?;
    let alerts: Vec<_> = filled.alerts(&bulk.writer).collect();
    if !alerts.is_empty() {
        bulk.commit(alerts).await?;
    }
    Ok(filled)
}

/// Which of these Salesforce has.
async fn there(
    bulk: &Bulk,
    object: Object,
    ids: BTreeSet<[u8; 16]>,
) -> Result<BTreeSet<[u8; 16]>, StoreError> {
    let keys: Vec<_> = ids.into_iter().map(|id| (object, id)).collect();
    let rows = bulk.writer.store.sync_rows(&bulk.writer.tenant, &keys).await?;
    Ok(rows.into_iter().filter(|row| row.done > 0).map(|row| row.id).collect())
}
