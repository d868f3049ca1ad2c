//! Items that a person may want to look at.

use model::ids::{MessageId, TenantId};

use super::{boxed, every};
use crate::apply::item::{DETAIL, RAW, place};
use crate::cx::Cx;
use crate::row::Item;
use crate::sql::{Cols, args};
use crate::{Store, StoreError};

macro_rules! items {
    ($rest:literal) => {
        concat!(
            "SELECT tenant, id, journal, ordinal, kind, number, state, code, detail, \
             received_at, at, message, raw FROM item ",
            $rest
        )
    };
}

async fn item(cx: &mut Cx, mut row: Cols) -> Result<Item, StoreError> {
    let tenant = row.get::<Option<TenantId>>()?.unwrap_or_else(|| TenantId::new(""));
    let (id, journal, ordinal) = (row.get()?, row.get()?, row.get()?);
    let place = place(journal, ordinal);
    Ok(Item {
        id,
        journal,
        ordinal,
        kind: row.get()?,
        number: row.get()?,
        state: row.get()?,
        code: row.get()?,
        detail: cx.open_text(&tenant, DETAIL, &place, row.get()?).await?,
        received_at: row.get()?,
        at: row.get()?,
        message: row.get()?,
        raw: match row.get()? {
            Some(raw) => Some(cx.open(tenant.as_str(), RAW, &place, raw).await?.into()),
            None => None,
        },
    })
}

impl Store {
    /// Everything a message was told by, oldest first.
    pub async fn items_of_message(
        &self,
        tenant: &TenantId,
        message: MessageId,
    ) -> Result<Vec<Item>, StoreError> {
        const SQL: &str = items!("WHERE tenant = $1 AND message = $2 ORDER BY id");
        let tenant = tenant.clone();
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(SQL, args![&tenant, message]).await?;
                every(cx, rows, |cx, row| boxed(item(cx, row))).await
            })
        })
        .await
    }

    /// Items set aside, newest first. Without a tenant: everybody's, and those
    /// whose number no tenant of ours has.
    pub async fn items_aside(
        &self,
        tenant: Option<&TenantId>,
        max: u32,
    ) -> Result<Vec<Item>, StoreError> {
        const ONE: &str = items!("WHERE state = 'aside' AND tenant = $1 ORDER BY id DESC LIMIT $2");
        const ALL: &str = items!("WHERE state <> 'done' ORDER BY id DESC LIMIT $1");
        let tenant = tenant.cloned();
        self.read(move |cx| {
            boxed(async move {
                let rows = match &tenant {
                    Some(tenant) => cx.tx.rows(ONE, args![tenant, max]).await?,
                    None => cx.tx.rows(ALL, args![max]).await?,
                };
                every(cx, rows, |cx, row| boxed(item(cx, row))).await
            })
        })
        .await
    }
}
