//! Versions of a tenant's documents.

use model::ids::TenantId;

use super::{boxed, first, plain};
use crate::row::{ActiveVersion, Document, Version};
use crate::sql::{args, statements};
use crate::{Store, StoreError};

impl Store {
    /// `None`: the tenant never had one of its own, and uses version 0.
    pub async fn active_version(
        &self,
        tenant: &TenantId,
        document: Document,
    ) -> Result<Option<ActiveVersion>, StoreError> {
        let (sql, args) = (statements(document).active, args![tenant]);
        self.read(move |cx| {
            boxed(async move {
                let rows = plain(cx.tx.rows(sql, args).await?, |row| {
                    Ok(ActiveVersion { version: row.get()?, at: row.get()?, actor: row.get()? })
                });
                Ok(first(rows?))
            })
        })
        .await
    }

    pub async fn version_text(
        &self,
        tenant: &TenantId,
        document: Document,
        version: i64,
    ) -> Result<Option<String>, StoreError> {
        let (sql, args) = (statements(document).text, args![tenant, version]);
        self.read(move |cx| {
            boxed(async move {
                Ok(match cx.tx.row(sql, args).await? {
                    Some(mut row) => Some(row.get()?),
                    None => None,
                })
            })
        })
        .await
    }

    /// Newest first.
    pub async fn versions(
        &self,
        tenant: &TenantId,
        document: Document,
        max: u32,
    ) -> Result<Vec<Version>, StoreError> {
        let (sql, args) = (statements(document).list, args![tenant, max]);
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(sql, args).await?, |row| {
                    let (version, made_at, made_by) = (row.get()?, row.get()?, row.get()?);
                    Ok(Version { version, made_at, made_by })
                })
            })
        })
        .await
    }
}
