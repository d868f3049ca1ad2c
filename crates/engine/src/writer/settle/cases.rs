//! Which open conversations ask for a Case.

use std::collections::BTreeSet;

use model::ids::PersonId;
use store::op::NewRecordLink;
use store::{Conversation, Op, RecordKind, StoreError};

use crate::writer::claim::Writer;

/// The person's open conversations ask for a case now that there is a Contact.
pub async fn open_cases(
    writer: &Writer,
    person: PersonId,
    ops: &mut Vec<Op>,
) -> Result<(), StoreError> {
    for conversation in open_conversations(writer, person).await? {
        ops.push(want_case(writer, &conversation));
    }
    Ok(())
}

pub async fn open_conversations(
    writer: &Writer,
    person: PersonId,
) -> Result<Vec<Conversation>, StoreError> {
    let (store, tenant) = (&writer.store, &writer.tenant);
    let pairs: Vec<_> =
        writer.directory.numbers_of(tenant).map(|n| (n.id.clone(), person)).collect();
    let lanes: Vec<_> = store.lanes(tenant, &pairs).await?.into_iter().map(|l| l.id).collect();
    store.open_conversations(tenant, &lanes).await
}

/// Written down once, however often it is asked.
fn want_case(writer: &Writer, conversation: &Conversation) -> Op {
    let now = writer.ambient.now();
    Op::WantRecord(NewRecordLink {
        tenant: writer.tenant.clone(),
        person: conversation.person,
        kind: RecordKind::Case,
        slot: *conversation.id.as_bytes(),
        at: now,
        due_at: now,
        again: false,
    })
}

/// A conversation that was opened while its person's Contact was being found
/// knew of none: it asks for its case when it, or its person, comes by here.
/// `with_contact`: people of whom that is known.
pub(crate) async fn missing_cases(
    writer: &Writer,
    mut opened: Vec<Conversation>,
    with_contact: &[PersonId],
    ops: &mut Vec<Op>,
) -> Result<(), StoreError> {
    for person in with_contact {
        opened.extend(open_conversations(writer, *person).await?);
    }
    opened.retain(|c| c.case.is_none() && c.closed_at.is_none());
    let people: BTreeSet<_> = opened.iter().map(|c| c.person).collect();
    let people: Vec<_> = people.into_iter().collect();
    let people = writer.store.persons(&writer.tenant, &people).await?;
    let with_contact =
        |c: &Conversation| people.iter().any(|p| p.id == c.person && p.contact.is_some());
    ops.extend(opened.iter().filter(|c| with_contact(c)).map(|c| want_case(writer, c)));
    Ok(())
}
