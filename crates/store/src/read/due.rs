//! When a sleeping worker must look again.

use model::UnixMs;

use super::boxed;
use crate::sql::args;
use crate::{Store, StoreError};

impl Store {
    /// The earliest time after `now` at which a send, a file, a sync row or a
    /// record link becomes due, a held lane may go on, an open call is given up, or
    /// an uncertain send must be asked about.
    pub async fn next_due(&self, now: UnixMs) -> Result<Option<UnixMs>, StoreError> {
        const SQL: &str = "SELECT MIN(at) FROM ( \
            SELECT (SELECT MIN(due_at) FROM outbox \
                WHERE state = 'queued' AND class = 0 AND due_at > $1) AS at \
            UNION ALL SELECT (SELECT MIN(due_at) FROM outbox \
                WHERE state = 'queued' AND class = 1 AND due_at > $1) \
            UNION ALL SELECT (SELECT MIN(due_at) FROM outbox \
                WHERE state = 'queued' AND class = 2 AND due_at > $1) \
            UNION ALL SELECT (SELECT MIN(uncertain_until) FROM outbox \
                WHERE state = 'uncertain' AND uncertain_until > $1) \
            UNION ALL SELECT (SELECT MIN(hold_until) FROM lane \
                WHERE hold_until > 0 AND hold_until > $1) \
            UNION ALL SELECT (SELECT MIN(due_at) FROM media \
                WHERE due_at IS NOT NULL AND state = 'requested' AND due_at > $1) \
            UNION ALL SELECT (SELECT MIN(due_at) FROM media \
                WHERE due_at IS NOT NULL AND state <> 'requested' AND due_at > $1) \
            UNION ALL SELECT (SELECT MIN(flight_until) FROM sync_write \
                WHERE flight_until > 0 AND flight_until > $1) \
            UNION ALL SELECT (SELECT MIN(due_at) FROM sync_write s WHERE s.tenant = t.id \
                AND s.wanted > s.done AND s.aside = 0 AND s.due_at > $1) FROM tenant t \
            UNION ALL SELECT (SELECT MIN(due_at) FROM record_link r WHERE r.tenant = t.id \
                AND r.state NOT IN ('linked', 'aside', 'declined') AND r.due_at > $1) FROM tenant t \
            ) AS times";
        self.read(move |cx| {
            boxed(async move {
                match cx.tx.row(SQL, args![now]).await? {
                    Some(mut row) => row.get(),
                    None => Ok(None),
                }
            })
        })
        .await
    }
}
