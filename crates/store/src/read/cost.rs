//! What deliveries cost, and sends of which nothing more was heard.

use model::ids::{PhoneNumberId, TenantId};
use model::{Month, UnixMs};

use super::{boxed, plain};
use crate::row::{CostCount, Silent};
use crate::sql::{Cols, args};
use crate::{Store, StoreError};

fn count(row: &mut Cols) -> Result<CostCount, StoreError> {
    Ok(CostCount {
        number: row.get()?,
        category: row.get()?,
        kind: row.get()?,
        model: row.get()?,
        billable: row.get()?,
        calling_code: row.get()?,
        messages: row.get()?,
    })
}

/// Each in the order of its columns.
const KEPT: &str = "SELECT number, category, kind, model, billable, calling_code, messages \
    FROM cost_count WHERE tenant = $1 AND month = $2 AND messages <> 0 \
    ORDER BY 1, 2, 3, 4, 5, 6";
const TOLD: &str = "SELECT number, pricing_category, pricing_kind, pricing_model, \
        COALESCE(pricing_billable, CASE pricing_kind WHEN 'regular' THEN 1 ELSE 0 END), \
        COALESCE(pricing_calling_code, ''), COUNT(*) \
    FROM message_state WHERE tenant = $1 AND pricing_category IS NOT NULL \
      AND COALESCE(delivered_at, read_at, played_at) >= $2 \
      AND COALESCE(delivered_at, read_at, played_at) < $3 \
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6";

impl Store {
    /// Delivered messages of a month, as they were counted with each status.
    pub async fn cost_counts(
        &self,
        tenant: &TenantId,
        month: Month,
    ) -> Result<Vec<CostCount>, StoreError> {
        let args = args![tenant, i64::from(month.0)];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(KEPT, args).await?, count) })).await
    }

    /// The same, and counted anew, from one snapshot. The second looks at each
    /// message of the month.
    pub async fn cost_compared(
        &self,
        tenant: &TenantId,
        month: Month,
    ) -> Result<(Vec<CostCount>, Vec<CostCount>), StoreError> {
        let kept = args![tenant, i64::from(month.0)];
        let told = args![tenant, month.start(), month.next().start()];
        self.read(move |cx| {
            boxed(async move {
                let kept = plain(cx.tx.rows(KEPT, kept).await?, count)?;
                Ok((kept, plain(cx.tx.rows(TOLD, told).await?, count)?))
            })
        })
        .await
    }

    /// Sends that Meta took from `since` on and before `before`, and said no
    /// word of since; by number.
    pub async fn silent_sends(
        &self,
        tenant: &TenantId,
        since: UnixMs,
        before: UnixMs,
    ) -> Result<Vec<Silent>, StoreError> {
        const SQL: &str = "SELECT number, COUNT(*), MIN(accepted_at) FROM message_state \
            WHERE tenant = $1 AND rank = 20 AND accepted_at >= $2 AND accepted_at < $3 \
            GROUP BY number ORDER BY number";
        let args = args![tenant, since, before];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    let (number, messages, oldest) = (row.get()?, row.get()?, row.get()?);
                    Ok(Silent { number, messages, oldest })
                })
            })
        })
        .await
    }

    /// Whether a priced message of the number was delivered after `at`.
    pub async fn delivered_after(
        &self,
        tenant: &TenantId,
        number: &PhoneNumberId,
        at: UnixMs,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT 1 FROM message_state WHERE tenant = $1 \
            AND pricing_category IS NOT NULL \
            AND COALESCE(delivered_at, read_at, played_at) > $2 AND number = $3 LIMIT 1";
        let args = args![tenant, at, number];
        self.read(move |cx| boxed(async move { Ok(cx.tx.row(SQL, args).await?.is_some()) })).await
    }
}
