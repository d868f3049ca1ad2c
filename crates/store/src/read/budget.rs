//! Calls to an org's API.

use model::ids::TenantId;

use super::{boxed, plain};
use crate::apply::budget::{CALL, LOCK_ERROR, MESSAGE};
use crate::op::BudgetStanding;
use crate::row::{ApiBudget, ApiSlot};
use crate::sql::args;
use crate::{Store, StoreError};

impl Store {
    /// What is known of the calls of a tenant's org; all zero when none was made.
    pub async fn api_budget(&self, tenant: &TenantId) -> Result<ApiBudget, StoreError> {
        const STANDING: &str = "SELECT used, max, read_at, ceiling, exhausted_at, slowed, waiting \
            FROM api_budget WHERE tenant = $1";
        const SLOTS: &str = "SELECT slot, own, others, messages FROM api_slot \
            WHERE tenant = $1 ORDER BY slot";
        const TOTALS: &str = "SELECT what, kind, total FROM api_total \
            WHERE tenant = $1 ORDER BY what, kind";
        let tenant = tenant.clone();
        self.read(move |cx| {
            boxed(async move {
                let standing = plain(cx.tx.rows(STANDING, args![&tenant]).await?, |row| {
                    Ok(BudgetStanding {
                        used: row.get()?,
                        max: row.get()?,
                        read_at: row.get()?,
                        ceiling: row.get()?,
                        exhausted_at: row.get()?,
                        slowed: row.get()?,
                        waiting: row.get()?,
                    })
                })?;
                let slots = plain(cx.tx.rows(SLOTS, args![&tenant]).await?, |row| {
                    Ok(ApiSlot {
                        slot: row.get()?,
                        own: row.get()?,
                        others: row.get()?,
                        messages: row.get()?,
                    })
                })?;
                let standing = standing.into_iter().next();
                let mut budget = ApiBudget { standing, slots, ..ApiBudget::default() };
                for mut row in cx.tx.rows(TOTALS, args![&tenant]).await? {
                    let (what, kind, total): (String, String, i64) =
                        (row.get()?, row.get()?, row.get()?);
                    match what.as_str() {
                        CALL => budget.calls.push((kind, total)),
                        MESSAGE => budget.messages = total,
                        LOCK_ERROR => budget.lock_errors = total,
                        _ => {}
                    }
                }
                Ok(budget)
            })
        })
        .await
    }
}
