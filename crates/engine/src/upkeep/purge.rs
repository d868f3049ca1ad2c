//! Rows whose time has passed, a few thousand at a time.

use store::op::Purge;
use store::{Commit, Op, StoreError};

use super::Upkeep;

const DAY_MS: i64 = 86_400_000;
/// Raw bodies are kept longer than Meta redelivers (up to 7 days).
const JOURNAL_DAYS: i64 = 10;
/// Keys are tombstones: thirteen months, far beyond any redelivery.
const KEY_DAYS: i32 = 396;
const FEED_DAYS: i64 = 3;
/// As long as people ask what became of a message.
const ATTEMPT_DAYS: i64 = 30;
const ROWS_MAX: u32 = 2_000;

pub async fn turn(upkeep: &Upkeep) -> Result<(), StoreError> {
    let now = upkeep.ambient.now();
    let purge = Purge {
        journal_before: Some(now.plus(-JOURNAL_DAYS * DAY_MS)),
        keys_before_day: Some(now.day() - KEY_DAYS),
        feed_before: Some(now.plus(-FEED_DAYS * DAY_MS)),
        attempts_before: Some(now.plus(-ATTEMPT_DAYS * DAY_MS)),
        rows_max: ROWS_MAX,
    };
    upkeep.store.commit(Commit::of(vec![Op::Purge(purge)])).await?;
    Ok(())
}
