//! Somebody whom nobody knew.

use model::UnixMs;
use model::ids::{PersonId, TenantId};
use store::op::{HandleKind, NewHandle, NewPerson, NewRecordLink};
use store::{Op, Profile, RecordKind};

/// A person with their handles, who is a Lead until a look-up says otherwise:
/// whichever way they come, whether a send, an audience or a consent.
pub fn newcomer(
    ops: &mut Vec<Op>,
    tenant: &TenantId,
    person: PersonId,
    profile: Profile,
    handles: impl IntoIterator<Item = (HandleKind, [u8; 32])>,
    at: UnixMs,
) {
    ops.push(Op::NewPerson(NewPerson { tenant: tenant.clone(), id: person, at, profile }));
    ops.extend(handles.into_iter().map(|(kind, hash)| {
        let tenant = tenant.clone();
        Op::AddHandle(NewHandle { tenant, person, kind, hash, at })
    }));
    ops.push(Op::WantRecord(NewRecordLink {
        tenant: tenant.clone(),
        person,
        kind: RecordKind::Lead,
        slot: *person.as_bytes(),
        at,
        due_at: at,
        again: false,
    }));
}
