//! What the days of a tenant came to.

use super::Applied;
use crate::cx::Cx;
use crate::op::{Did, MetricsAsked, MetricsKept};
use crate::sql::args;

/// The day's own row is written first: who keeps the same day waits.
pub(super) async fn keep(cx: &mut Cx, op: MetricsKept) -> Applied {
    const KEPT: &str = "INSERT INTO metric_kept (tenant, day, at, settled, asked) \
        VALUES ($1, $2, $3, $4, 0) ON CONFLICT (tenant, day) DO UPDATE SET \
            at = excluded.at, settled = excluded.settled, asked = 0";
    const CLEAR: &str = "DELETE FROM metric_day WHERE tenant = $1 AND day = $2";
    const CELL: &str = "INSERT INTO metric_day (tenant, day, metric, dimension, place, records, \
            total) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let (tenant, day) = (&op.tenant, op.day);
    cx.tx.exec(KEPT, args![tenant, day, op.at, op.settled]).await?;
    cx.tx.exec(CLEAR, args![tenant, day]).await?;
    let rows = op.cells.into_iter();
    let lists = rows.map(|c| args![tenant, day, c.metric, c.by, c.key, c.count, c.sum]).collect();
    cx.tx.each(CELL, lists).await?;
    Ok(Did::Done)
}

pub(super) async fn ask(cx: &mut Cx, op: MetricsAsked) -> Applied {
    const SQL: &str = "INSERT INTO metric_kept (tenant, day, at, settled, asked) \
        VALUES ($1, $2, NULL, 0, 1) ON CONFLICT (tenant, day) DO UPDATE SET asked = 1";
    let lists: Vec<_> = (op.from..=op.to).map(|day| args![&op.tenant, day]).collect();
    let days = lists.len() as u64;
    cx.tx.each(SQL, lists).await?;
    Ok(Did::Count(days))
}
