//! What became of Opportunities: won or lost, and for how much.

use model::Fault;
use model::UnixMs;
use salesforce::soql;
use store::op::{CursorRow, DealStands};
use store::{Commit, Op, StoreError};

use super::{KEY, Opportunities};

const CURSOR: &str = "routing.deals";
/// Salesforce is asked so often.
const LOOK_MS: i64 = 5 * 60_000;
/// The first look asks for those that were changed since.
const BACK_MS: i64 = 30 * 86_400_000;
/// A save that was under way at the last look may carry an earlier time.
const OVERLAP_MS: i64 = 60_000;
const ROWS_MAX: usize = 2_000;

impl Opportunities {
    /// The inner error is the org's: asked again at the next look.
    pub(super) async fn look(&self) -> Result<Result<(), Fault>, StoreError> {
        let now = self.org.ambient.now();
        let looked_at = self.tempo.lock().looked_at;
        if looked_at.is_some_and(|at| now.since(at) < LOOK_MS)
            || !self.store.has_deals(&self.tenant).await?
        {
            return Ok(Ok(()));
        }
        self.tempo.lock().looked_at = Some(now);
        let kept = self.store.cursor(&self.tenant, CURSOR).await?;
        let until = kept.and_then(|value| value.try_into().ok()).map(i64::from_be_bytes);
        let mut since = until.map_or(now.plus(-BACK_MS), |until| UnixMs(until).plus(-OVERLAP_MS));
        loop {
            let key = self.org.client.names().field(KEY);
            let query = format!(
                "SELECT Id, IsClosed, IsWon, Amount, LastModifiedDate FROM Opportunity \
                 WHERE {key} != null AND LastModifiedDate >= {} \
                 ORDER BY LastModifiedDate ASC LIMIT {ROWS_MAX}",
                soql::datetime(since)
            );
            let rows = match self.org.call(self.org.client.query(&query, ROWS_MAX)).await {
                Ok(page) => page.rows,
                Err(fault) => return Ok(Err(fault)),
            };
            let mut ops = Vec::new();
            for row in &rows {
                let (Some(record), Some(at)) = (row.id(), row.time("LastModifiedDate")) else {
                    continue;
                };
                let is_won = row.flag("IsWon") == Some(true);
                let closed_at = (row.flag("IsClosed") == Some(true)).then_some(at);
                let amount = row.number("Amount").map(|amount| (amount * 100.0).round() as i64);
                let tenant = self.tenant.clone();
                ops.push(Op::DealStands(DealStands { tenant, record, is_won, closed_at, amount }));
            }
            let last = rows.last().and_then(|row| row.time("LastModifiedDate"));
            if let Some(last) = last {
                let (tenant, name) = (self.tenant.clone(), CURSOR.to_owned());
                let value = last.0.to_be_bytes().to_vec();
                ops.push(Op::PutCursor(CursorRow { tenant, name, value }));
                let fence = self.lease.hold().await?.ok_or(StoreError::Fenced)?;
                self.store.commit(Commit::fenced(fence, ops)).await?;
            }
            match last {
                Some(last) if rows.len() == ROWS_MAX && last > since => since = last,
                _ => return Ok(Ok(())),
            }
        }
    }
}
