//! Natural keys of items.

use super::{boxed, plain};
use crate::op::DayKey;
use crate::sql::args;
use crate::{Store, StoreError};

impl Store {
    /// Which of these keys were seen, in the order they were asked for.
    pub async fn keys_seen(&self, keys: &[DayKey]) -> Result<Vec<bool>, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM seen_key WHERE day = $1 AND hash = $2";
        let lists = keys.iter().map(|key| args![key.day, key.hash]).collect();
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.each(SQL, lists).await?, |row| {
                    Ok(row.get::<i64>()? > 0)
                })
            })
        })
        .await
    }
}
