//! Calls to an org's API.

use super::Applied;
use crate::cx::Cx;
use crate::op::{BudgetStep, Did};
use crate::sql::args;

/// Two days of five minutes: one that counts, and one to look back at.
const SLOTS_KEPT: i64 = 2 * 24 * 12;

pub(crate) const CALL: &str = "call";
pub(crate) const MESSAGE: &str = "message";
pub(crate) const LOCK_ERROR: &str = "lock_error";

pub(super) async fn step(cx: &mut Cx, op: BudgetStep) -> Applied {
    const SLOT: &str = "INSERT INTO api_slot (tenant, slot, own, others, messages) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, slot) DO UPDATE SET \
            own = api_slot.own + excluded.own, others = api_slot.others + excluded.others, \
            messages = api_slot.messages + excluded.messages";
    const OLD: &str = "DELETE FROM api_slot WHERE tenant = $1 AND slot < $2";
    const TOTAL: &str = "INSERT INTO api_total (tenant, what, kind, total) \
        VALUES ($1, $2, $3, $4) \
        ON CONFLICT (tenant, what, kind) DO UPDATE SET total = api_total.total + excluded.total";
    const STANDING: &str = "INSERT INTO api_budget (tenant, used, max, read_at, ceiling, \
            exhausted_at, slowed, waiting) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
        ON CONFLICT (tenant) DO UPDATE SET used = excluded.used, max = excluded.max, \
            read_at = excluded.read_at, ceiling = excluded.ceiling, \
            exhausted_at = excluded.exhausted_at, slowed = excluded.slowed, \
            waiting = excluded.waiting";
    let tenant = &op.tenant;
    let own: i64 = op.calls.iter().map(|(_, n)| n).sum();
    if own + op.others + op.messages > 0 {
        cx.tx.exec(SLOT, args![tenant, op.slot, own, op.others, op.messages]).await?;
        cx.tx.exec(OLD, args![tenant, op.slot - SLOTS_KEPT]).await?;
    }
    let calls = op.calls.iter().map(|(kind, calls)| (CALL, *kind, *calls));
    let others = [(MESSAGE, "", op.messages), (LOCK_ERROR, "", op.lock_errors)];
    for (what, kind, n) in calls.chain(others).filter(|(_, _, n)| *n > 0) {
        cx.tx.exec(TOTAL, args![tenant, what, kind, n]).await?;
    }
    if let Some(s) = op.standing {
        let args =
            args![tenant, s.used, s.max, s.read_at, s.ceiling, s.exhausted_at, s.slowed, s.waiting];
        cx.tx.exec(STANDING, args).await?;
    }
    Ok(Did::Done)
}
