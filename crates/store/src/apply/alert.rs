//! What a person should know: one open alert per (tenant, kind, subject).

use super::Applied;
use crate::cx::Cx;
use crate::op::{AlertCleared, AlertRaised, Did};
use crate::seal::Owner;
use crate::sql::args;

pub(crate) const TEXT: &str = "alert.text";

/// Raised again, it keeps its first time and takes the new text.
pub(super) async fn raise(cx: &mut Cx, op: AlertRaised) -> Applied {
    const SQL: &str = "INSERT INTO alert (tenant, kind, subject, text, raised_at, seen_at) \
        VALUES ($1, $2, $3, $4, $5, $5) \
        ON CONFLICT (tenant, kind, subject) WHERE cleared_at IS NULL \
        DO UPDATE SET text = excluded.text, seen_at = excluded.seen_at";
    let owner = Owner::Tenant(op.tenant.clone());
    let place = place(&op.kind, &op.subject);
    let text = cx.seal(&owner, TEXT, &place, op.text.as_bytes()).await?;
    cx.tx.exec(SQL, args![&op.tenant, op.kind, op.subject, text, op.at]).await?;
    Ok(Did::Done)
}

pub(super) async fn clear(cx: &mut Cx, op: AlertCleared) -> Applied {
    const SQL: &str = "UPDATE alert SET cleared_at = $1 \
        WHERE tenant = $2 AND kind = $3 AND subject = $4 AND cleared_at IS NULL";
    cx.tx.exec(SQL, args![op.at, &op.tenant, op.kind, op.subject]).await?;
    Ok(Did::Done)
}

/// As stored: NUL has a stand-in there.
pub(crate) fn place(kind: &str, subject: &str) -> Vec<u8> {
    [kind, subject].map(|text| text.replace('\0', "\u{fffd}")).join("\0").into_bytes()
}
