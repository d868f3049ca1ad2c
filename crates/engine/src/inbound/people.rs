//! Who a message is with: found by their handles, or made.

use std::collections::btree_map::Entry;

use model::ids::PersonId;
use rules::identity::{Found, Sender, Who};
use store::op::{AlertRaised, HandleKind, NewHandle, NewPerson, NewRecordLink, PersonUpdate};
use store::{Object, Op, Person, Profile, RecordKind};

use super::decide::{Door, want};
use crate::intake::{View, handles};

/// Finds the person by their handles or makes one, and learns what is new.
pub(crate) fn identify(
    view: &mut View,
    arrival: &Door<'_>,
    sender: &Sender,
    ops: &mut Vec<Op>,
) -> Result<PersonId, &'static str> {
    let tenant = &arrival.number.tenant;
    let hashes = handles(arrival.store, arrival.number, sender);
    if hashes.is_empty() {
        return Err("neither a wa_id nor a user id says who this message is with");
    }
    let by = |kind: HandleKind| {
        let hash = hashes.iter().find(|(k, _)| *k == kind)?;
        view.handles.get(&(tenant.clone(), *hash)).copied()
    };
    let has_wa_id = |p: PersonId| {
        view.persons.get(&(tenant.clone(), p)).is_some_and(|p| p.profile.wa_id.is_some())
    };
    let found = Found {
        by_bsuid: by(HandleKind::Bsuid),
        by_wa_id: by(HandleKind::WaId),
        by_phone: by(HandleKind::Phone).map(|p| (p, has_wa_id(p))),
    };
    let person = match rules::identity::decide(found) {
        Who::Known(person) => person,
        Who::Disputed(taken, other) => {
            ops.push(Op::RaiseAlert(AlertRaised {
                tenant: tenant.clone(),
                kind: "same_person".into(),
                subject: taken.to_string(),
                text: format!(
                    "{taken} and {other} may be one person: one message carried handles of both"
                ),
                at: arrival.received_at,
            }));
            taken
        }
        Who::Unknown => new_person(view, arrival, sender, ops),
    };
    for (kind, hash) in hashes {
        let slot = view.handles.entry((tenant.clone(), (kind, hash)));
        if let Entry::Vacant(free) = slot {
            free.insert(person);
            ops.push(Op::AddHandle(NewHandle {
                tenant: tenant.clone(),
                person,
                kind,
                hash,
                at: arrival.received_at,
            }));
        }
    }
    learn(view, arrival, sender, person, ops);
    Ok(person)
}

fn new_person(view: &mut View, arrival: &Door<'_>, sender: &Sender, ops: &mut Vec<Op>) -> PersonId {
    let id = PersonId::new(arrival.ambient);
    let (tenant, at) = (arrival.number.tenant.clone(), arrival.received_at);
    let profile = merged(&Profile::default(), sender);
    ops.push(Op::NewPerson(NewPerson { tenant: tenant.clone(), id, at, profile: profile.clone() }));
    ops.push(want_home(arrival, id));
    let person = Person {
        id,
        created_at: at,
        seen_at: at,
        profile,
        lead: None,
        contact: None,
        account: None,
    };
    view.persons.insert((tenant, id), person);
    id
}

/// Taken once; rules that made nothing of them are asked again.
pub(super) fn want_home(arrival: &Door<'_>, person: PersonId) -> Op {
    Op::WantRecord(NewRecordLink {
        tenant: arrival.number.tenant.clone(),
        person,
        kind: RecordKind::Lead,
        slot: *person.as_bytes(),
        at: arrival.received_at,
        due_at: arrival.received_at,
        again: true,
    })
}

/// Takes over what the webhook tells and we did not know, or knew differently.
fn learn(view: &mut View, arrival: &Door<'_>, sender: &Sender, id: PersonId, ops: &mut Vec<Op>) {
    let tenant = &arrival.number.tenant;
    let Some(person) = view.persons.get_mut(&(tenant.clone(), id)) else {
        return;
    };
    let profile = merged(&person.profile, sender);
    if profile == person.profile {
        return;
    }
    person.profile = profile.clone();
    let (tenant, seen_at) = (tenant.clone(), arrival.received_at);
    ops.push(Op::UpdatePerson(PersonUpdate { tenant, id, profile: Some(profile), seen_at }));
    ops.push(want(arrival, Object::Person, *id.as_bytes(), id));
}

fn merged(known: &Profile, sender: &Sender) -> Profile {
    let newer = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
    let digits = sender.wa_id.as_deref().and_then(rules::phone::digits);
    Profile {
        display_name: newer(&sender.name, &known.display_name),
        wa_id: newer(&sender.wa_id, &known.wa_id),
        phone_e164: newer(&digits.map(|d| rules::phone::e164(&d)), &known.phone_e164),
        bsuid: newer(&sender.bsuid, &known.bsuid),
        parent_bsuid: newer(&sender.parent_bsuid, &known.parent_bsuid),
        username: newer(&sender.username, &known.username),
        country: newer(&sender.country, &known.country),
    }
}
