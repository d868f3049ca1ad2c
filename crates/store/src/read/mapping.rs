//! Versions of a tenant's field mapping, and what one is tried on.

use model::ids::{ConversationId, MessageId, TenantId};

use super::{boxed, first, plain};
use crate::row::{ActiveMapping, MappingVersion, Message};
use crate::sql::args;
use crate::{Store, StoreError};

/// Messages of all tenants that are looked through for one tenant's newest.
const SEARCHED: i64 = 1_000_000;

impl Store {
    /// `None`: the tenant never had one of its own, and uses version 0.
    pub async fn mapping_active(
        &self,
        tenant: &TenantId,
    ) -> Result<Option<ActiveMapping>, StoreError> {
        const SQL: &str = "SELECT version, at, actor FROM mapping_active WHERE tenant = $1";
        let args = args![tenant];
        self.read(move |cx| {
            boxed(async move {
                let rows = plain(cx.tx.rows(SQL, args).await?, |row| {
                    Ok(ActiveMapping { version: row.get()?, at: row.get()?, actor: row.get()? })
                });
                Ok(first(rows?))
            })
        })
        .await
    }

    pub async fn mapping_text(
        &self,
        tenant: &TenantId,
        version: i64,
    ) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT text FROM mapping WHERE tenant = $1 AND version = $2";
        let args = args![tenant, version];
        self.read(move |cx| {
            boxed(async move {
                Ok(match cx.tx.row(SQL, args).await? {
                    Some(mut row) => Some(row.get()?),
                    None => None,
                })
            })
        })
        .await
    }

    /// Newest first.
    pub async fn mappings(
        &self,
        tenant: &TenantId,
        max: u32,
    ) -> Result<Vec<MappingVersion>, StoreError> {
        const SQL: &str = "SELECT version, made_at, made_by FROM mapping WHERE tenant = $1 \
                           ORDER BY version DESC LIMIT $2";
        let args = args![tenant, max];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    let (version, made_at, made_by) = (row.get()?, row.get()?, row.get()?);
                    Ok(MappingVersion { version, made_at, made_by })
                })
            })
        })
        .await
    }

    /// The customer's first or newest message of a conversation, by Meta's time.
    pub async fn inbound_end(
        &self,
        tenant: &TenantId,
        conversation: ConversationId,
        newest: bool,
    ) -> Result<Option<Message>, StoreError> {
        const FIRST: &str = "SELECT id FROM message WHERE tenant = $1 AND conversation = $2 \
            AND direction = 'in' ORDER BY sent_at, seq LIMIT 1";
        const NEWEST: &str = "SELECT id FROM message WHERE tenant = $1 AND conversation = $2 \
            AND direction = 'in' ORDER BY sent_at DESC, seq DESC LIMIT 1";
        let (sql, args) = (if newest { NEWEST } else { FIRST }, args![tenant, conversation]);
        let id: Option<MessageId> = self
            .read(move |cx| {
                boxed(async move {
                    Ok(match cx.tx.row(sql, args).await? {
                        Some(mut row) => Some(row.get()?),
                        None => None,
                    })
                })
            })
            .await?;
        match id {
            Some(id) => Ok(first(self.messages(tenant, &[id]).await?)),
            None => Ok(None),
        }
    }

    /// The customers' newest messages, newest first, among the last million
    /// that were stored.
    pub async fn newest_inbound(
        &self,
        tenant: &TenantId,
        max: u32,
    ) -> Result<Vec<MessageId>, StoreError> {
        const SQL: &str = "SELECT id FROM message \
            WHERE seq > (SELECT MAX(seq) FROM message) - $1 AND tenant = $2 AND direction = 'in' \
            ORDER BY seq DESC LIMIT $3";
        let args = args![SEARCHED, tenant, max];
        self.read(move |cx| {
            boxed(async move { plain(cx.tx.rows(SQL, args).await?, |row| row.get()) })
        })
        .await
    }
}
