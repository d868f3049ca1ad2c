//! Files on their way.

use model::UnixMs;
use model::ids::{MediaId, MessageId, PhoneNumberId, TenantId};

use super::{boxed, every, first};
use crate::apply::media::{ABOUT, DETAIL};
use crate::cx::Cx;
use crate::row::Media;
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! media {
    ($rest:literal) => {
        concat!(
            "SELECT tenant, id, kind, state, person, message, outbox, number, called, attempts, \
             due_at, requested_at, downloaded_at, uploaded_at, linked_at, expires_at, bytes, \
             version, document, code, detail, about FROM media ",
            $rest
        )
    };
}

async fn media(cx: &mut Cx, mut row: Cols) -> Result<Media, StoreError> {
    let tenant: TenantId = row.get()?;
    let id: MediaId = row.get()?;
    Ok(Media {
        id,
        kind: row.get()?,
        state: row.get()?,
        person: row.get()?,
        message: row.get()?,
        outbox: row.get()?,
        number: row.get()?,
        called: row.get()?,
        attempts: row.get()?,
        due_at: row.get()?,
        requested_at: row.get()?,
        downloaded_at: row.get()?,
        uploaded_at: row.get()?,
        linked_at: row.get()?,
        expires_at: row.get()?,
        bytes: row.get()?,
        version: row.get()?,
        document: row.get()?,
        code: row.get()?,
        detail: cx.open_text(&tenant, DETAIL, id.as_bytes(), row.get()?).await?,
        about: cx.open(tenant.as_str(), ABOUT, id.as_bytes(), row.get()?).await?,
    })
}

impl Store {
    pub async fn media(&self, tenant: &TenantId, id: MediaId) -> Result<Option<Media>, StoreError> {
        const SQL: &str = media!("WHERE tenant = $1 AND id = $2");
        Ok(first(self.medias(SQL, args![tenant, id]).await?))
    }

    pub async fn media_of_message(
        &self,
        tenant: &TenantId,
        message: MessageId,
    ) -> Result<Option<Media>, StoreError> {
        const SQL: &str = media!("WHERE tenant = $1 AND message = $2");
        Ok(first(self.medias(SQL, args![tenant, message]).await?))
    }

    /// Files set aside, oldest first.
    pub async fn media_aside(&self, tenant: &TenantId, max: u32) -> Result<Vec<Media>, StoreError> {
        const SQL: &str =
            media!("WHERE tenant = $1 AND state = 'aside' ORDER BY requested_at, id LIMIT $2");
        self.medias(SQL, args![tenant, max]).await
    }

    /// Those of `ids`, of any tenant, whose bytes somebody still needs.
    pub async fn media_needed(&self, ids: &[MediaId]) -> Result<Vec<MediaId>, StoreError> {
        const SQL: &str = "SELECT id FROM media WHERE id = $1 AND state <> 'aside' \
            AND (due_at IS NOT NULL OR kind = 'kept')";
        let lists = ids.iter().map(|id| args![*id]).collect();
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.each(SQL, lists).await?;
                rows.into_iter().map(|mut row| row.get()).collect()
            })
        })
        .await
    }

    /// Meta's id of a file it still holds for the number.
    pub async fn media_copy(
        &self,
        tenant: &TenantId,
        number: &PhoneNumberId,
        hash: &[u8; 32],
        now: UnixMs,
    ) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT meta_id FROM media_copy \
            WHERE tenant = $1 AND number = $2 AND hash = $3 AND expires_at > $4";
        let args = args![tenant, number, hash, now];
        self.read(move |cx| {
            boxed(async move { cx.tx.row(SQL, args).await?.map(|mut row| row.get()).transpose() })
        })
        .await
    }

    async fn medias(&self, sql: &'static str, args: Vec<V>) -> Result<Vec<Media>, StoreError> {
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(sql, args).await?;
                every(cx, rows, |cx, row| boxed(media(cx, row))).await
            })
        })
        .await
    }
}
