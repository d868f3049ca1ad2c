//! Drops what its time has passed, a few rows at a time.

use super::Applied;
use crate::cx::Cx;
use crate::op::{Did, Purge};
use crate::sql::args;

pub(super) async fn purge(cx: &mut Cx, op: Purge) -> Applied {
    const BODIES: &str = "DELETE FROM journal_body WHERE seq IN (SELECT seq FROM journal \
        WHERE state = 'done' AND ended_at < $1 ORDER BY ended_at, seq LIMIT $2)";
    const JOURNAL: &str = "DELETE FROM journal WHERE seq IN (SELECT seq FROM journal \
        WHERE state = 'done' AND ended_at < $1 ORDER BY ended_at, seq LIMIT $2)";
    const KEYS: &str = "DELETE FROM seen_key WHERE (day, hash) IN \
        (SELECT day, hash FROM seen_key WHERE day < $1 ORDER BY day, hash LIMIT $2)";
    const FEED: &str = "DELETE FROM feed WHERE (tenant, seq) IN \
        (SELECT tenant, seq FROM feed WHERE at < $1 ORDER BY at, tenant, seq LIMIT $2)";
    const ATTEMPTS: &str = "DELETE FROM sync_attempt WHERE seq IN \
        (SELECT seq FROM sync_attempt WHERE at < $1 ORDER BY at, seq LIMIT $2)";
    let max = i64::from(op.rows_max);
    let mut rows = 0;
    if let Some(before) = op.journal_before {
        cx.tx.exec(BODIES, args![before, max]).await?;
        rows += cx.tx.exec(JOURNAL, args![before, max]).await? as i64;
    }
    if let Some(day) = op.keys_before_day {
        rows += cx.tx.exec(KEYS, args![day, max - rows]).await? as i64;
    }
    if let Some(before) = op.feed_before {
        rows += cx.tx.exec(FEED, args![before, max - rows]).await? as i64;
    }
    if let Some(before) = op.attempts_before {
        rows += cx.tx.exec(ATTEMPTS, args![before, max - rows]).await? as i64;
    }
    Ok(Did::Count(rows as u64))
}
