//! Who is here: the installation, tenants, numbers, keys, cursors.

use model::ids::TenantId;

use super::{boxed, first, plain};
use crate::op::NumberRow;
use crate::row::{ApiKey, Installation, Tenant};
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! api_keys {
    ($rest:literal) => {
        concat!(
            "SELECT tenant, id, scopes, label, created_at, expires_at, revoked_at FROM api_key ",
            $rest
        )
    };
}

fn api_key(row: &mut Cols) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        tenant: row.get()?,
        id: row.get()?,
        scopes: row.get::<String>()?.split_whitespace().map(Into::into).collect(),
        label: row.get()?,
        created_at: row.get()?,
        expires_at: row.get()?,
        revoked_at: row.get()?,
    })
}

impl Store {
    pub async fn installation(&self) -> Result<Installation, StoreError> {
        const SQL: &str = "SELECT id, generation FROM installation";
        self.read(|cx| {
            boxed(async move {
                let rows = cx.tx.rows(SQL, vec![]).await?;
                let rows =
                    plain(rows, |row| Ok(Installation { id: row.get()?, generation: row.get()? }))?;
                first(rows).ok_or_else(|| StoreError::Broken("the installation has no row".into()))
            })
        })
        .await
    }

    pub async fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        const SQL: &str = "SELECT id, org, created_at FROM tenant ORDER BY id";
        self.read(|cx| {
            boxed(async move {
                let rows = cx.tx.rows(SQL, vec![]).await?;
                plain(rows, |row| {
                    Ok(Tenant { id: row.get()?, org: row.get()?, created_at: row.get()? })
                })
            })
        })
        .await
    }

    pub async fn numbers(&self, tenant: &TenantId) -> Result<Vec<NumberRow>, StoreError> {
        const SQL: &str = "SELECT tenant, id, waba, app FROM number WHERE tenant = $1 ORDER BY id";
        let args = args![tenant];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    Ok(NumberRow {
                        tenant: row.get()?,
                        number: row.get()?,
                        waba: row.get()?,
                        app: row.get()?,
                    })
                })
            })
        })
        .await
    }

    /// By the hash of its secret, whatever became of it: the caller judges
    /// expiry and revocation.
    pub async fn api_key(&self, hash: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
        Ok(first(self.keys(api_keys!("WHERE hash = $1"), args![hash]).await?))
    }

    /// Oldest first.
    pub async fn api_keys(&self, tenant: &TenantId) -> Result<Vec<ApiKey>, StoreError> {
        self.keys(api_keys!("WHERE tenant = $1 ORDER BY created_at, id"), args![tenant]).await
    }

    async fn keys(&self, sql: &'static str, args: Vec<V>) -> Result<Vec<ApiKey>, StoreError> {
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(sql, args).await?, api_key) }))
            .await
    }

    pub async fn cursor(
        &self,
        tenant: &TenantId,
        name: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        const SQL: &str = "SELECT value FROM cursor WHERE tenant = $1 AND name = $2";
        let args = args![tenant, name];
        self.read(move |cx| {
            boxed(async move { Ok(first(plain(cx.tx.rows(SQL, args).await?, Cols::get)?)) })
        })
        .await
    }
}
