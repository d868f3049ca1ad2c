//! Standard records that are created once.

use model::Urgency;
use model::ids::{PersonId, TenantId};

use super::{Applied, met};
use crate::cx::Cx;
use crate::op::{Did, NewRecordLink, RecordStep};
use crate::row::{RecordKind, RecordState};
use crate::seal::Owner;
use crate::sql::args;

pub(crate) const DETAIL: &str = "record_link.detail";
pub(super) const REASON: &str = "record_link.reason";

pub(super) async fn want(cx: &mut Cx, op: NewRecordLink, urgency: Urgency) -> Applied {
    const SQL: &str = "INSERT INTO record_link (tenant, person, kind, slot, state, due_at, at, \
            urgency) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
        ON CONFLICT (tenant, person, kind, slot) DO UPDATE SET state = excluded.state, \
            due_at = excluded.due_at, at = excluded.at WHERE record_link.state = 'declined' \
            AND CAST($9 AS BIGINT) = 1";
    let args = args![
        &op.tenant,
        op.person,
        op.kind,
        op.slot,
        RecordState::Wanted,
        op.due_at,
        op.at,
        urgency,
        op.again
    ];
    Ok(Did::New(cx.tx.exec(SQL, args).await? > 0))
}

pub(super) async fn step(cx: &mut Cx, op: RecordStep) -> Applied {
    const SQL: &str = "UPDATE record_link SET state = $1, record = COALESCE($2, record), \
            due_at = $3, attempts = attempts + $4, code = $5, detail = $6, \
            plan = COALESCE($7, plan), at = $8, reason = NULL \
        WHERE tenant = $9 AND person = $10 AND kind = $11 AND slot = $12";
    let owner = Owner::Tenant(op.tenant.clone());
    let detail = match &op.detail {
        Some(detail) => {
            let place = place(op.person, op.kind, &op.slot);
            Some(cx.seal(&owner, DETAIL, &place, detail.as_bytes()).await?)
        }
        None => None,
    };
    let args = args![
        op.state,
        op.record.as_ref(),
        op.due_at,
        op.charge,
        op.code,
        detail,
        op.plan,
        op.at,
        &op.tenant,
        op.person,
        op.kind,
        op.slot,
    ];
    met(cx.tx.exec(SQL, args).await?, "record_link")
}

pub(crate) fn place(person: PersonId, kind: RecordKind, slot: &[u8; 16]) -> Vec<u8> {
    [&person.as_bytes()[..], slot, kind.as_str().as_bytes()].concat()
}

impl crate::cx::Cx {
    /// Detail texts hold a remote's own words: sealed under the tenant's key.
    pub async fn open_text(
        &mut self,
        tenant: &TenantId,
        column: &'static str,
        row: &[u8],
        sealed: Option<Vec<u8>>,
    ) -> Result<Option<String>, crate::StoreError> {
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let plain = self.open(tenant.as_str(), column, row, sealed).await?;
        Ok(Some(String::from_utf8_lossy(&plain).into_owned()))
    }
}
