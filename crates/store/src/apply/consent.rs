//! The ledger of consents, and where each person stands.

use model::ids::{PersonId, TenantId};
use model::{ConsentKind, Purpose, Standing};

use super::{Applied, all};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{Did, NewConsent, Whom};
use crate::row::ConsentAbout;
use crate::seal::Owner;
use crate::sql::args;

pub(crate) const ABOUT: &str = "consent_event.about";

pub(super) async fn insert(cx: &mut Cx, op: NewConsent) -> Applied {
    const EVENT: &str = "INSERT INTO consent_event (tenant, event_key, person, purpose, kind, \
            channel, source, number, happened_at, recorded_at, about) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
        ON CONFLICT (tenant, event_key) DO NOTHING";
    // the order of the words is the order of what holds at the same time
    const STANDING: &str = "INSERT INTO consent (tenant, person, purpose, kind, happened_at, \
            event_key) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (tenant, person, purpose) DO UPDATE SET kind = excluded.kind, \
            happened_at = excluded.happened_at, event_key = excluded.event_key \
        WHERE excluded.happened_at > consent.happened_at \
            OR (excluded.happened_at = consent.happened_at \
                AND excluded.kind = 'opt_out' AND consent.kind = 'opt_in')";
    let Some(person) = person(cx, &op).await? else {
        return Ok(Did::New(false));
    };
    let about = ConsentAbout { wording: op.wording, evidence: op.evidence };
    let about = serde_json::to_vec(&about).map_err(|e| StoreError::Broken(e.to_string()))?;
    let owner = Owner::Person(op.tenant.clone(), person);
    let about = cx.seal(&owner, ABOUT, &op.key, &about).await?;
    let args = args![
        &op.tenant,
        op.key,
        person,
        op.purpose.as_str(),
        op.kind.as_str(),
        op.channel,
        op.source,
        op.number.as_ref(),
        op.happened_at,
        op.recorded_at,
        about,
    ];
    if cx.tx.exec(EVENT, args).await? == 0 {
        return Ok(Did::New(false));
    }
    let before = standing(cx, &op.tenant, person, op.purpose).await?;
    let (purpose, kind) = (op.purpose.as_str(), op.kind.as_str());
    let args = args![&op.tenant, person, purpose, kind, op.happened_at, op.key];
    let newest = cx.tx.exec(STANDING, args).await? > 0;
    if newest && before.is_none_or(|before| before.kind != op.kind) {
        all(cx, op.effects).await?;
    }
    Ok(Did::New(true))
}

async fn person(cx: &mut Cx, op: &NewConsent) -> Result<Option<PersonId>, StoreError> {
    const KNOWN: &str = "SELECT 1 FROM person WHERE tenant = $1 AND id = $2";
    const MESSAGE: &str =
        "SELECT person FROM message WHERE tenant = $1 AND number = $2 AND state_key = $3";
    match op.whom {
        Whom::Person(id) => match cx.tx.row(KNOWN, args![&op.tenant, id]).await? {
            Some(_) => Ok(Some(id)),
            None => Err(StoreError::Conflict("person")),
        },
        Whom::Message(key) => {
            let args = args![&op.tenant, op.number.as_ref(), key];
            Ok(match cx.tx.row(MESSAGE, args).await? {
                Some(mut row) => Some(row.get()?),
                None => None,
            })
        }
    }
}

/// The newest thing this person said about the purpose.
pub(super) async fn standing(
    cx: &mut Cx,
    tenant: &TenantId,
    person: PersonId,
    purpose: Purpose,
) -> Result<Option<Standing>, StoreError> {
    const SQL: &str = "SELECT kind, happened_at FROM consent \
                       WHERE tenant = $1 AND person = $2 AND purpose = $3";
    Ok(match cx.tx.row(SQL, args![tenant, person, purpose.as_str()]).await? {
        Some(mut row) => {
            Some(Standing { kind: row.get::<ConsentKind>()?, happened_at: row.get()? })
        }
        None => None,
    })
}
