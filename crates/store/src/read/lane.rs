//! Lanes and how far they are.

use model::ids::{LaneId, PersonId, PhoneNumberId, TenantId};

use super::{boxed, first, plain};
use crate::row::Lane;
use crate::sql::{Cols, args};
use crate::{Store, StoreError};

fn lane(row: &mut Cols) -> Result<Lane, StoreError> {
    let (id, number, person) = (row.get()?, row.get()?, row.get()?);
    Ok(Lane { id, number, person, last_inbound_at: row.get()?, survey: row.get()? })
}

impl Store {
    /// Those that exist, in the order they were asked for.
    pub async fn lanes(
        &self,
        tenant: &TenantId,
        pairs: &[(PhoneNumberId, PersonId)],
    ) -> Result<Vec<Lane>, StoreError> {
        const SQL: &str = "SELECT id, number, person, last_inbound_at, survey FROM lane \
                           WHERE tenant = $1 AND number = $2 AND person = $3";
        let lists = pairs.iter().map(|(number, person)| args![tenant, number, *person]).collect();
        self.read(move |cx| boxed(async move { plain(cx.tx.each(SQL, lists).await?, lane) })).await
    }

    pub async fn lane(&self, tenant: &TenantId, id: LaneId) -> Result<Option<Lane>, StoreError> {
        const SQL: &str = "SELECT id, number, person, last_inbound_at, survey FROM lane \
                           WHERE tenant = $1 AND id = $2";
        let args = args![tenant, id];
        self.read(move |cx| {
            boxed(async move { Ok(first(plain(cx.tx.rows(SQL, args).await?, lane)?)) })
        })
        .await
    }
}
