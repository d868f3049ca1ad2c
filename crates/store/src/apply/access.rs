//! Tenants, numbers, API keys, cursors.

use super::{Applied, met};
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{ApiKeyRevoked, CursorRow, Did, NewApiKey, NumberRow, TenantRow};
use crate::seal;
use crate::sql::args;

/// The org is pinned by the first row that names one; ids compare by their
/// first 15 characters.
pub(super) async fn tenant(cx: &mut Cx, op: TenantRow) -> Applied {
    const SQL: &str = "INSERT INTO tenant (id, org, created_at) VALUES ($1, $2, $3) \
        ON CONFLICT (id) DO UPDATE SET org = COALESCE(tenant.org, excluded.org) \
        WHERE tenant.org IS NULL OR excluded.org IS NULL \
           OR substr(tenant.org, 1, 15) = substr(excluded.org, 1, 15)";
    let rows = cx.tx.exec(SQL, args![&op.tenant, op.org.as_ref(), op.at]).await?;
    if rows == 0 {
        return Err(StoreError::Conflict("another org is pinned to this tenant"));
    }
    seal::new_tenant(cx, &op.tenant).await?;
    Ok(Did::Done)
}

pub(super) async fn number(cx: &mut Cx, op: NumberRow) -> Applied {
    const SQL: &str = "INSERT INTO number (id, tenant, waba, app) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (id) DO UPDATE SET waba = excluded.waba, app = excluded.app \
        WHERE number.tenant = excluded.tenant";
    let rows = cx.tx.exec(SQL, args![&op.number, &op.tenant, &op.waba, &op.app]).await?;
    met(rows, "another tenant owns this number")
}

pub(super) async fn api_key(cx: &mut Cx, op: NewApiKey) -> Applied {
    const SQL: &str = "INSERT INTO api_key (hash, tenant, id, scopes, label, created_at, expires_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let scopes = op.scopes.join(" ");
    let args = args![op.hash, &op.tenant, op.id, scopes, op.label, op.at, op.expires_at];
    let rows = cx.tx.exec(SQL, args).await?;
    met(rows, "api_key")
}

/// The first revocation stays.
pub(super) async fn revoke(cx: &mut Cx, op: ApiKeyRevoked) -> Applied {
    const SQL: &str = "UPDATE api_key SET revoked_at = COALESCE(revoked_at, $1) \
                       WHERE tenant = $2 AND id = $3";
    let rows = cx.tx.exec(SQL, args![op.at, &op.tenant, op.id]).await?;
    met(rows, "api_key")
}

pub(super) async fn cursor(cx: &mut Cx, op: CursorRow) -> Applied {
    const SQL: &str = "INSERT INTO cursor (tenant, name, value) VALUES ($1, $2, $3) \
                       ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value";
    cx.tx.exec(SQL, args![&op.tenant, op.name, op.value]).await?;
    Ok(Did::Done)
}
