//! Where people stand about being written to, and how they came there.

use model::ids::{PersonId, TenantId};

use super::{boxed, every, plain};
use crate::apply::consent::ABOUT;
use crate::cx::Cx;
use crate::row::{Consent, ConsentEvent};
use crate::sql::{Cols, args};
use crate::{Store, StoreError};

async fn event(cx: &mut Cx, mut row: Cols) -> Result<ConsentEvent, StoreError> {
    let (tenant, key): (TenantId, [u8; 32]) = (row.get()?, row.get()?);
    let (person, purpose, kind) = (row.get()?, row.get()?, row.get()?);
    let (channel, source, number) = (row.get()?, row.get()?, row.get()?);
    let (happened_at, recorded_at) = (row.get()?, row.get()?);
    let about = cx.open(tenant.as_str(), ABOUT, &key, row.get()?).await?;
    let about = serde_json::from_slice(&about).map_err(|e| StoreError::Broken(e.to_string()))?;
    Ok(ConsentEvent {
        key,
        person,
        purpose,
        kind,
        channel,
        source,
        number,
        happened_at,
        recorded_at,
        about,
    })
}

impl Store {
    /// One for each purpose that the person said something about.
    pub async fn consents(
        &self,
        tenant: &TenantId,
        person: PersonId,
    ) -> Result<Vec<Consent>, StoreError> {
        const SQL: &str = "SELECT c.purpose, c.kind, c.happened_at, e.source FROM consent c \
            JOIN consent_event e ON e.tenant = c.tenant AND e.event_key = c.event_key \
            WHERE c.tenant = $1 AND c.person = $2 ORDER BY c.purpose";
        let args = args![tenant, person];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    let (purpose, kind) = (row.get()?, row.get()?);
                    Ok(Consent { purpose, kind, happened_at: row.get()?, source: row.get()? })
                })
            })
        })
        .await
    }

    /// All that the person said, newest first.
    pub async fn consent_events(
        &self,
        tenant: &TenantId,
        person: PersonId,
        max: u32,
    ) -> Result<Vec<ConsentEvent>, StoreError> {
        const SQL: &str = "SELECT tenant, event_key, person, purpose, kind, channel, source, \
                number, happened_at, recorded_at, about FROM consent_event \
            WHERE tenant = $1 AND person = $2 \
            ORDER BY happened_at DESC, recorded_at DESC, event_key LIMIT $3";
        let args = args![tenant, person, max];
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(SQL, args).await?;
                every(cx, rows, |cx, row| boxed(event(cx, row))).await
            })
        })
        .await
    }
}
