//! How much waits, and since when.

use model::UnixMs;
use model::ids::TenantId;

use super::boxed;
use crate::cx::Cx;
use crate::row::Depths;
use crate::sql::args;
use crate::{Store, StoreError};

impl Store {
    /// Of one tenant or of all. The journal belongs to no tenant yet and is
    /// counted whole either way.
    pub async fn depths(&self, tenant: Option<&TenantId>) -> Result<Depths, StoreError> {
        const JOURNAL: &str = "SELECT COUNT(*), \
            (SELECT received_at FROM journal WHERE state = 'open' ORDER BY seq LIMIT 1) \
            FROM journal WHERE state = 'open'";
        const QUEUED: &str = "SELECT COUNT(*), MIN(created_at) FROM outbox \
            WHERE state = 'queued' AND (CAST($1 AS TEXT) IS NULL OR tenant = $1)";
        const SYNC: &str = "SELECT COUNT(*), MIN(first_wanted_at) FROM sync_write \
            WHERE wanted > done AND aside = 0 AND (CAST($1 AS TEXT) IS NULL OR tenant = $1)";
        const SENDS: &str = "SELECT COUNT(*) FROM outbox WHERE state = $1 AND tenant IN \
            (SELECT id FROM tenant WHERE CAST($2 AS TEXT) IS NULL OR id = $2)";
        const ASIDE: &str = "SELECT COUNT(*) FROM sync_write \
            WHERE aside = 1 AND reason IS NULL AND (CAST($1 AS TEXT) IS NULL OR tenant = $1)";
        const RECORDS_ASIDE: &str = "SELECT COUNT(*) FROM record_link \
            WHERE state = 'aside' AND reason IS NULL AND (CAST($1 AS TEXT) IS NULL OR tenant = $1)";
        const JOURNAL_ASIDE: &str = "SELECT COUNT(*) FROM journal WHERE state = 'aside'";
        const BULK: &str = "SELECT COUNT(*) FROM bulk_job \
            WHERE (CAST($1 AS TEXT) IS NULL OR tenant = $1)";
        const ITEMS_ASIDE: &str = "SELECT COUNT(*) FROM item \
            WHERE state <> 'done' AND state = 'aside' AND (CAST($1 AS TEXT) IS NULL OR tenant = $1)";
        const UNCLAIMED: &str =
            "SELECT COUNT(*) FROM item WHERE state <> 'done' AND state = 'unclaimed'";
        const MEDIA: &str = "SELECT COUNT(*), MIN(requested_at) FROM media \
            WHERE due_at IS NOT NULL AND (CAST($1 AS TEXT) IS NULL OR tenant = $1)";
        const MEDIA_ASIDE: &str = "SELECT COUNT(*) FROM media \
            WHERE state = 'aside' AND kind = 'in' AND reason IS NULL \
              AND (CAST($1 AS TEXT) IS NULL OR tenant = $1)";
        let tenant = tenant.cloned();
        self.read(move |cx| {
            boxed(async move {
                let tenant = tenant.as_ref();
                let (journal, journal_oldest) = pair(cx, JOURNAL, vec![]).await?;
                let (outbox_queued, outbox_oldest) = pair(cx, QUEUED, args![tenant]).await?;
                let (sync_due, sync_oldest) = pair(cx, SYNC, args![tenant]).await?;
                let (media_due, media_oldest) = pair(cx, MEDIA, args![tenant]).await?;
                Ok(Depths {
                    journal,
                    journal_oldest,
                    outbox_queued,
                    outbox_oldest,
                    sends_open: count(cx, SENDS, args!["sending", tenant]).await?,
                    sends_uncertain: count(cx, SENDS, args!["uncertain", tenant]).await?,
                    sends_asked: count(cx, SENDS, args!["asked", tenant]).await?,
                    sends_failed: count(cx, SENDS, args!["failed", tenant]).await?,
                    sync_due,
                    sync_oldest,
                    sync_aside: count(cx, ASIDE, args![tenant]).await?,
                    records_aside: count(cx, RECORDS_ASIDE, args![tenant]).await?,
                    journal_aside: count(cx, JOURNAL_ASIDE, vec![]).await?,
                    bulk_jobs: count(cx, BULK, args![tenant]).await?,
                    items_aside: count(cx, ITEMS_ASIDE, args![tenant]).await?,
                    media_due,
                    media_oldest,
                    media_aside: count(cx, MEDIA_ASIDE, args![tenant]).await?,
                    items_unclaimed: count(cx, UNCLAIMED, vec![]).await?,
                })
            })
        })
        .await
    }
}

async fn pair(
    cx: &mut Cx,
    sql: &'static str,
    args: Vec<crate::sql::V>,
) -> Result<(u64, Option<UnixMs>), StoreError> {
    match cx.tx.row(sql, args).await? {
        Some(mut row) => Ok((row.get()?, row.get()?)),
        None => Ok((0, None)),
    }
}

async fn count(
    cx: &mut Cx,
    sql: &'static str,
    args: Vec<crate::sql::V>,
) -> Result<u64, StoreError> {
    match cx.tx.row(sql, args).await? {
        Some(mut row) => row.get(),
        None => Ok(0),
    }
}
