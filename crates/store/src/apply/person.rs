//! People and how they are recognised.

use model::ids::{PersonId, TenantId};

use super::{Applied, met};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{Did, NewHandle, NewPerson, PersonLink, PersonUpdate};
use crate::row::Profile;
use crate::seal::{self, Owner};
use crate::sql::args;

pub(crate) const PROFILE: &str = "person.profile";

pub(super) async fn insert(cx: &mut Cx, op: NewPerson) -> Applied {
    const SQL: &str = "INSERT INTO person (tenant, id, created_at, seen_at, profile) \
                       VALUES ($1, $2, $3, $3, $4) ON CONFLICT (tenant, id) DO NOTHING";
    const KNOWN: &str = "SELECT 1 FROM person WHERE tenant = $1 AND id = $2";
    if cx.tx.row(KNOWN, args![&op.tenant, op.id]).await?.is_some() {
        return Err(StoreError::Conflict("person"));
    }
    seal::new_person(cx, &op.tenant, op.id).await?;
    let profile = sealed(cx, &op.tenant, op.id, &op.profile).await?;
    let rows = cx.tx.exec(SQL, args![&op.tenant, op.id, op.at, profile]).await?;
    met(rows, "person")
}

async fn sealed(
    cx: &mut Cx,
    tenant: &TenantId,
    person: PersonId,
    profile: &Profile,
) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(profile).map_err(|e| StoreError::Broken(e.to_string()))?;
    cx.seal(&Owner::Person(tenant.clone(), person), PROFILE, person.as_bytes(), &plain).await
}

pub(super) async fn handle(cx: &mut Cx, op: NewHandle) -> Applied {
    const SQL: &str = "INSERT INTO handle (tenant, kind, hash, person, seen_at) \
        VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (tenant, kind, hash) DO UPDATE SET seen_at = \
            CASE WHEN handle.seen_at < excluded.seen_at THEN excluded.seen_at \
                 ELSE handle.seen_at END \
        WHERE handle.person = excluded.person";
    let rows = cx.tx.exec(SQL, args![&op.tenant, op.kind, op.hash, op.person, op.at]).await?;
    met(rows, "handle")
}

pub(super) async fn update(cx: &mut Cx, op: PersonUpdate) -> Applied {
    const SQL: &str = "UPDATE person SET profile = COALESCE($1, profile), \
            seen_at = CASE WHEN seen_at < $2 THEN $2 ELSE seen_at END \
        WHERE tenant = $3 AND id = $4";
    let profile = match &op.profile {
        Some(profile) => Some(sealed(cx, &op.tenant, op.id, profile).await?),
        None => None,
    };
    let rows = cx.tx.exec(SQL, args![profile, op.seen_at, &op.tenant, op.id]).await?;
    met(rows, "person")
}

pub(super) async fn link(cx: &mut Cx, op: PersonLink) -> Applied {
    const SQL: &str = "UPDATE person SET lead = COALESCE($1, lead), \
            contact = COALESCE($2, contact), account = COALESCE($3, account) \
        WHERE tenant = $4 AND id = $5";
    let PersonLink { tenant, id, lead, contact, account } = op;
    let args = args![lead.as_ref(), contact.as_ref(), account.as_ref(), &tenant, id];
    match cx.tx.exec(SQL, args).await? {
        0 => Err(StoreError::Conflict("person")),
        _ => Ok(Did::Done),
    }
}
