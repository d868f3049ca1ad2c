//! Versions of a tenant's documents.

use super::Applied;
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{Did, NewVersion, VersionUse};
use crate::sql::{args, statements};

/// The row of the version in use is written first: who comes at the same time
/// waits, and gets the next number.
pub(super) async fn insert(cx: &mut Cx, op: NewVersion) -> Applied {
    let sql = statements(op.document);
    cx.tx.exec(sql.lock, args![&op.tenant, op.at, &op.actor]).await?;
    let newest = match cx.tx.row(sql.newest, args![&op.tenant]).await? {
        Some(mut row) => Some((row.get::<i64>()?, row.get::<String>()?)),
        None => None,
    };
    let version = match newest {
        Some((version, text)) if text == op.text => version,
        newest => {
            let version = newest.map_or(1, |(version, _)| version + 1);
            let args = args![&op.tenant, version, &op.text, op.at, &op.actor];
            cx.tx.exec(sql.insert, args).await?;
            version
        }
    };
    cx.tx.exec(sql.put_to_use, args![version, &op.tenant]).await?;
    Ok(Did::Version(version))
}

pub(super) async fn activate(cx: &mut Cx, op: VersionUse) -> Applied {
    let sql = statements(op.document);
    if op.version != 0 && cx.tx.row(sql.known, args![&op.tenant, op.version]).await?.is_none() {
        return Err(StoreError::Conflict(op.document.as_str()));
    }
    cx.tx.exec(sql.activate, args![&op.tenant, op.version, op.at, op.actor]).await?;
    Ok(Did::Version(op.version))
}
