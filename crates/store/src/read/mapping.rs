//! What a mapping is filled from and tried on.

use model::ids::{ConversationId, MessageId, TenantId};

use super::{boxed, first, plain};
use crate::row::Message;
use crate::sql::args;
use crate::{Store, StoreError};

/// Messages of all tenants that are looked through for one tenant's newest.
const SEARCHED: i64 = 1_000_000;

impl Store {
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
