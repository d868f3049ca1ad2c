//! Delivered messages by what Meta said of their price.

use model::Month;
use model::ids::TenantId;

use super::Applied;
use super::standing::Standing;
use super::status::Key;
use crate::StoreError;
use crate::cx::Cx;
use crate::op::{CostRecount, Did, Pricing};
use crate::sql::args;

/// Under which row a message counts: none before it is delivered and priced.
/// It follows from the merged standing alone, so the order of statuses does not
/// matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    month: Month,
    pricing: Pricing,
}

pub(super) fn place(standing: &Standing) -> Option<Place> {
    let at = standing.delivered_at.or(standing.read_at).or(standing.played_at)?;
    let (_, pricing) = standing.pricing.clone()?;
    Some(Place { month: Month::of(at), pricing })
}

/// Moves one message from the row where it counted to the row where it counts.
pub(super) async fn moved(
    cx: &mut Cx,
    key: &Key,
    from: Option<Place>,
    to: Option<Place>,
) -> Result<(), StoreError> {
    if from == to {
        return Ok(());
    }
    for (place, change) in [(from, -1), (to, 1)] {
        if let Some(place) = place {
            count(cx, key, &place, change).await?;
        }
    }
    Ok(())
}

async fn count(cx: &mut Cx, key: &Key, place: &Place, change: i64) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO cost_count (tenant, month, number, category, kind, model, \
            billable, calling_code, messages) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        ON CONFLICT (tenant, month, number, category, kind, model, billable, calling_code) \
        DO UPDATE SET messages = cost_count.messages + excluded.messages";
    let Pricing { category, kind, model, billable, calling_code } = &place.pricing;
    let code = calling_code.as_deref().unwrap_or_default();
    let args = args![
        &key.tenant,
        i64::from(place.month.0),
        &key.number,
        category,
        kind,
        model,
        *billable,
        code,
        change
    ];
    cx.tx.exec(SQL, args).await.map(drop)
}

/// Both texts name the same rows: those of one month, as they stand.
pub(super) async fn recount(cx: &mut Cx, op: CostRecount) -> Applied {
    const CLEAR: &str = "DELETE FROM cost_count WHERE tenant = $1 AND month = $2";
    const COUNT: &str = "INSERT INTO cost_count (tenant, month, number, category, kind, model, \
            billable, calling_code, messages) \
        SELECT tenant, CAST($1 AS BIGINT), number, pricing_category, pricing_kind, pricing_model, \
            COALESCE(pricing_billable, CASE pricing_kind WHEN 'regular' THEN 1 ELSE 0 END), \
            COALESCE(pricing_calling_code, ''), COUNT(*) \
        FROM message_state WHERE tenant = $2 AND pricing_category IS NOT NULL \
          AND COALESCE(delivered_at, read_at, played_at) >= $3 \
          AND COALESCE(delivered_at, read_at, played_at) < $4 \
        GROUP BY tenant, number, pricing_category, pricing_kind, pricing_model, \
            COALESCE(pricing_billable, CASE pricing_kind WHEN 'regular' THEN 1 ELSE 0 END), \
            COALESCE(pricing_calling_code, '')";
    let (tenant, month): (&TenantId, Month) = (&op.tenant, op.month);
    cx.tx.exec(CLEAR, args![tenant, i64::from(month.0)]).await?;
    let args = args![i64::from(month.0), tenant, month.start(), month.next().start()];
    cx.tx.exec(COUNT, args).await?;
    Ok(Did::Done)
}
