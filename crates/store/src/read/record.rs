//! Standard records that puente creates.

use model::UnixMs;
use model::ids::{PersonId, TenantId};

use super::{boxed, every, first};
use crate::apply::record::{DETAIL, place};
use crate::cx::Cx;
use crate::row::{RecordKind, RecordLink};
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! links {
    ($rest:literal) => {
        concat!(
            "SELECT tenant, urgency, person, kind, slot, state, record, attempts, due_at, at, code, detail, plan \
             FROM record_link ",
            $rest
        )
    };
}

async fn link(cx: &mut Cx, mut row: Cols) -> Result<RecordLink, StoreError> {
    let tenant: TenantId = row.get()?;
    let mut link = RecordLink {
        urgency: row.get()?,
        person: row.get()?,
        kind: row.get()?,
        slot: row.get()?,
        state: row.get()?,
        record: row.get()?,
        attempts: row.get()?,
        due_at: row.get()?,
        at: row.get()?,
        code: row.get()?,
        detail: None,
        plan: None,
    };
    let (detail, plan) = (row.get()?, row.get()?);
    let place = place(link.person, link.kind, &link.slot);
    link.detail = cx.open_text(&tenant, DETAIL, &place, detail).await?;
    link.plan = plan;
    Ok(link)
}

impl Store {
    /// Links with a step to take now, longest due first, but Opportunities; people
    /// whom a Bulk job holds are left out.
    pub async fn record_links_due(
        &self,
        tenant: &TenantId,
        now: UnixMs,
        max: u32,
    ) -> Result<Vec<RecordLink>, StoreError> {
        const SQL: &str = links!(
            "WHERE tenant = $1 AND state NOT IN ('linked', 'aside', 'declined') AND due_at <= $2 \
             AND kind <> 'opportunity' AND NOT EXISTS (SELECT 1 FROM bulk_hold h \
               WHERE h.tenant = record_link.tenant AND h.root = record_link.person) \
             ORDER BY due_at, person, kind, slot LIMIT $3"
        );
        self.links(SQL, args![tenant, now, max]).await
    }

    /// The same of Opportunities, which a worker of their own makes.
    pub async fn opportunity_links_due(
        &self,
        tenant: &TenantId,
        now: UnixMs,
        max: u32,
    ) -> Result<Vec<RecordLink>, StoreError> {
        const SQL: &str = links!(
            "WHERE tenant = $1 AND state NOT IN ('linked', 'aside', 'declined') AND due_at <= $2 \
             AND kind = 'opportunity' ORDER BY due_at, person, slot LIMIT $3"
        );
        self.links(SQL, args![tenant, now, max]).await
    }

    pub async fn record_links(
        &self,
        tenant: &TenantId,
        person: PersonId,
    ) -> Result<Vec<RecordLink>, StoreError> {
        const SQL: &str = links!("WHERE tenant = $1 AND person = $2 ORDER BY kind, slot");
        self.links(SQL, args![tenant, person]).await
    }

    /// The link of a conversation (Case) or person (Lead, Contact).
    pub async fn record_link_by_slot(
        &self,
        tenant: &TenantId,
        kind: RecordKind,
        slot: &[u8; 16],
    ) -> Result<Option<RecordLink>, StoreError> {
        const SQL: &str = links!("WHERE tenant = $1 AND slot = $2 AND kind = $3 LIMIT 1");
        Ok(first(self.links(SQL, args![tenant, slot, kind]).await?))
    }

    async fn links(&self, sql: &'static str, args: Vec<V>) -> Result<Vec<RecordLink>, StoreError> {
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(sql, args).await?;
                every(cx, rows, |cx, row| boxed(link(cx, row))).await
            })
        })
        .await
    }
}
