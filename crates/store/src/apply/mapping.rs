//! Versions of a tenant's field mapping.

use super::Applied;
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{Did, MappingUse, NewMapping};
use crate::sql::args;

/// The row of the version in use is written first: who comes at the same time
/// waits, and gets the next number.
pub(super) async fn insert(cx: &mut Cx, op: NewMapping) -> Applied {
    const LOCK: &str = "INSERT INTO mapping_active (tenant, version, at, actor) \
        VALUES ($1, 0, $2, $3) \
        ON CONFLICT (tenant) DO UPDATE SET at = excluded.at, actor = excluded.actor";
    const NEWEST: &str =
        "SELECT version, text FROM mapping WHERE tenant = $1 ORDER BY version DESC LIMIT 1";
    const INSERT: &str = "INSERT INTO mapping (tenant, version, text, made_at, made_by) \
        VALUES ($1, $2, $3, $4, $5)";
    const USE: &str = "UPDATE mapping_active SET version = $1 WHERE tenant = $2";
    cx.tx.exec(LOCK, args![&op.tenant, op.at, &op.actor]).await?;
    let newest = match cx.tx.row(NEWEST, args![&op.tenant]).await? {
        Some(mut row) => Some((row.get::<i64>()?, row.get::<String>()?)),
        None => None,
    };
    let version = match newest {
        Some((version, text)) if text == op.text => version,
        newest => {
            let version = newest.map_or(1, |(version, _)| version + 1);
            let args = args![&op.tenant, version, &op.text, op.at, &op.actor];
            cx.tx.exec(INSERT, args).await?;
            version
        }
    };
    cx.tx.exec(USE, args![version, &op.tenant]).await?;
    Ok(Did::Version(version))
}

pub(super) async fn activate(cx: &mut Cx, op: MappingUse) -> Applied {
    const KNOWN: &str = "SELECT 1 FROM mapping WHERE tenant = $1 AND version = $2";
    const USE: &str = "INSERT INTO mapping_active (tenant, version, at, actor) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (tenant) DO UPDATE SET \
            version = excluded.version, at = excluded.at, actor = excluded.actor";
    if op.version != 0 && cx.tx.row(KNOWN, args![&op.tenant, op.version]).await?.is_none() {
        return Err(StoreError::Conflict("mapping"));
    }
    cx.tx.exec(USE, args![&op.tenant, op.version, op.at, op.actor]).await?;
    Ok(Did::Version(op.version))
}
