//! Opportunities that puente made, and to what they are owed.

use model::UnixMs;
use model::ids::{CampaignId, ConversationId, PersonId, TenantId};

use super::{boxed, first, plain};
use crate::row::{Deal, Owed};
use crate::sql::{Cols, args};
use crate::{Store, StoreError};

fn deal(row: &mut Cols) -> Result<Deal, StoreError> {
    Ok(Deal {
        conversation: row.get()?,
        record: row.get()?,
        person: row.get()?,
        number: row.get()?,
        made_at: row.get()?,
        touch: row.get()?,
        is_won: row.get()?,
        closed_at: row.get()?,
        amount: row.get()?,
    })
}

impl Store {
    /// To what the person's next sale is owed, and when their last one was won.
    pub async fn attribution(
        &self,
        tenant: &TenantId,
        person: PersonId,
    ) -> Result<(Option<Owed>, Option<UnixMs>), StoreError> {
        const OWED: &str = "SELECT touch, at FROM attribution WHERE tenant = $1 AND person = $2";
        const WON: &str =
            "SELECT MAX(closed_at) FROM deal WHERE tenant = $1 AND person = $2 AND is_won = 1";
        let (owed, won) = (args![tenant, person], args![tenant, person]);
        self.read(move |cx| {
            boxed(async move {
                let rows = plain(cx.tx.rows(OWED, owed).await?, |row| {
                    Ok(Owed { touch: row.get()?, at: row.get()? })
                })?;
                let won = match cx.tx.row(WON, won).await? {
                    Some(mut row) => row.get()?,
                    None => None,
                };
                Ok((first(rows), won))
            })
        })
        .await
    }

    /// The campaign that the person was last sent, since then and until then.
    pub async fn campaign_before(
        &self,
        tenant: &TenantId,
        person: PersonId,
        since: UnixMs,
        until: UnixMs,
    ) -> Result<Option<CampaignId>, StoreError> {
        const SQL: &str = "SELECT campaign FROM campaign_member \
            WHERE tenant = $1 AND person = $2 AND sent_at >= $3 AND sent_at <= $4 \
            ORDER BY sent_at DESC, campaign LIMIT 1";
        let args = args![tenant, person, since, until];
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

    /// Some Opportunity is kept.
    pub async fn has_deals(&self, tenant: &TenantId) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT 1 FROM deal WHERE tenant = $1 LIMIT 1";
        let args = args![tenant];
        self.read(move |cx| boxed(async move { Ok(cx.tx.row(SQL, args).await?.is_some()) })).await
    }

    /// Won then, in order of time, after the one at `after`.
    pub async fn metric_deals(
        &self,
        tenant: &TenantId,
        from: UnixMs,
        until: UnixMs,
        after: Option<(UnixMs, ConversationId)>,
        max: u32,
    ) -> Result<Vec<Deal>, StoreError> {
        const SQL: &str = "SELECT conversation, record, person, number, made_at, touch, is_won, \
                closed_at, amount FROM deal \
            WHERE tenant = $1 AND closed_at >= $2 AND closed_at < $3 AND is_won = 1 \
              AND (closed_at, conversation) > ($4, $5) \
            ORDER BY closed_at, conversation LIMIT $6";
        let (at, id) = after.unwrap_or((UnixMs(i64::MIN), ConversationId::from_bytes([0; 16])));
        let args = args![tenant, from, until, at, id, max];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(SQL, args).await?, deal) })).await
    }
}
