//! Whether anything is sent, and what waits for a match.

use model::UnixMs;
use model::ids::TenantId;

use super::{boxed, first, plain};
use crate::row::{HeldSend, Hold, HoldWhy, Object};
use crate::sql::{V, args};
use crate::{Store, StoreError};

impl Store {
    /// Why nothing is sent, if so. A database that was marked without a
    /// reason counts as restored.
    pub async fn hold(&self) -> Result<Option<Hold>, StoreError> {
        const SQL: &str =
            "SELECT restored_at, held_why FROM installation WHERE restored_at IS NOT NULL";
        self.read(|cx| {
            boxed(async move {
                let rows = cx.tx.rows(SQL, vec![]).await?;
                Ok(first(plain(rows, |row| {
                    let (since, why): (UnixMs, Option<HoldWhy>) = (row.get()?, row.get()?);
                    Ok(Hold { since, why: why.unwrap_or(HoldWhy::Restored) })
                })?))
            })
        })
        .await
    }

    /// A page of the tenant's held sends, in the order of acceptance; after
    /// the one with this `seq`, 0 for the first page.
    pub async fn held_after(
        &self,
        tenant: &TenantId,
        seq: i64,
        max: u32,
    ) -> Result<Vec<HeldSend>, StoreError> {
        const SQL: &str = "SELECT seq, id, message, person, number, class, attempts, created_at \
            FROM outbox WHERE tenant = $1 AND state = 'held' AND seq > $2 ORDER BY seq LIMIT $3";
        self.held_sends(SQL, args![tenant, seq, max]).await
    }

    /// A page of the tenant's sends that are not held and whose message is to
    /// be written to Salesforce: after a restore Salesforce may know more of
    /// them. In the order of acceptance, after the one with this `seq`.
    pub async fn untold_after(
        &self,
        tenant: &TenantId,
        seq: i64,
        max: u32,
    ) -> Result<Vec<HeldSend>, StoreError> {
        const SQL: &str = "SELECT o.seq, o.id, o.message, o.person, o.number, o.class, \
                o.attempts, o.created_at \
            FROM sync_write s JOIN message m ON m.tenant = s.tenant AND m.id = s.id \
            JOIN outbox o ON o.tenant = m.tenant AND o.id = m.outbox \
            WHERE s.tenant = $1 AND s.object = $2 AND s.wanted > s.done \
              AND o.state IN ('accepted', 'asked') AND o.seq > $3 ORDER BY o.seq LIMIT $4";
        self.held_sends(SQL, args![tenant, Object::Message, seq, max]).await
    }

    async fn held_sends(
        &self,
        sql: &'static str,
        args: Vec<V>,
    ) -> Result<Vec<HeldSend>, StoreError> {
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(sql, args).await?, |row| {
                    Ok(HeldSend {
                        seq: row.get()?,
                        id: row.get()?,
                        message: row.get()?,
                        person: row.get()?,
                        number: row.get()?,
                        class: row.get()?,
                        attempts: row.get()?,
                        created_at: row.get()?,
                    })
                })
            })
        })
        .await
    }

    /// How many sends of the tenant are held.
    pub async fn held_count(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM outbox WHERE tenant = $1 AND state = 'held'";
        let args = args![tenant];
        self.read(move |cx| {
            boxed(async move {
                match cx.tx.row(SQL, args).await? {
                    Some(mut row) => row.get(),
                    None => Ok(0),
                }
            })
        })
        .await
    }

    /// When the tenant's newest call to Meta was begun.
    pub async fn last_begun(&self, tenant: &TenantId) -> Result<Option<UnixMs>, StoreError> {
        const SQL: &str = "SELECT MAX(begun_at) FROM send_attempt WHERE tenant = $1";
        let args = args![tenant];
        self.read(move |cx| {
            boxed(async move {
                match cx.tx.row(SQL, args).await? {
                    Some(mut row) => row.get(),
                    None => Ok(None),
                }
            })
        })
        .await
    }
}
