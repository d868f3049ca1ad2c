//! Conversations.

use model::UnixMs;
use model::ids::{ConversationId, LaneId, RecordId, TenantId};

use super::person::short;
use super::{boxed, first, plain};
use crate::row::Conversation;
use crate::sql::{Cols, args};
use crate::{Store, StoreError};

macro_rules! conversations {
    ($rest:literal) => {
        concat!(
            "SELECT id, lane, person, number, opened_at, closed_at, first_inbound_at, \
             last_inbound_at, first_response_at, last_message_at, case_id, opportunity_id, told_at \
             FROM conversation ",
            $rest
        )
    };
}

pub(super) use conversations;

pub(super) fn conversation(row: &mut Cols) -> Result<Conversation, StoreError> {
    Ok(Conversation {
        id: row.get()?,
        lane: row.get()?,
        person: row.get()?,
        number: row.get()?,
        opened_at: row.get()?,
        closed_at: row.get()?,
        first_inbound_at: row.get()?,
        last_inbound_at: row.get()?,
        first_response_at: row.get()?,
        last_message_at: row.get()?,
        case: row.get()?,
        opportunity: row.get()?,
        told_at: row.get()?,
    })
}

impl Store {
    /// The open one of each lane that has one, in the order of the lanes.
    pub async fn open_conversations(
        &self,
        tenant: &TenantId,
        lanes: &[LaneId],
    ) -> Result<Vec<Conversation>, StoreError> {
        const SQL: &str = conversations!("WHERE tenant = $1 AND lane = $2 AND closed_at IS NULL");
        let lists = lanes.iter().map(|lane| args![tenant, *lane]).collect();
        self.read(move |cx| {
            boxed(async move { plain(cx.tx.each(SQL, lists).await?, conversation) })
        })
        .await
    }

    /// Open ones in which nobody wrote after `before`, longest silent first.
    pub async fn conversations_quiet(
        &self,
        tenant: &TenantId,
        before: UnixMs,
        max: u32,
    ) -> Result<Vec<Conversation>, StoreError> {
        const SQL: &str = conversations!(
            "WHERE tenant = $1 AND closed_at IS NULL AND last_message_at <= $2 \
             ORDER BY last_message_at, id LIMIT $3"
        );
        let args = args![tenant, before, max];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(SQL, args).await?, conversation) }))
            .await
    }

    /// Open ones with a case, whose customer wrote since it was looked at last, and
    /// not before `since`.
    pub async fn conversations_unmoved(
        &self,
        tenant: &TenantId,
        since: UnixMs,
        max: u32,
    ) -> Result<Vec<Conversation>, StoreError> {
        const SQL: &str = conversations!(
            "WHERE tenant = $1 AND closed_at IS NULL AND case_id IS NOT NULL \
               AND (moved_at IS NULL OR moved_at < last_inbound_at) AND last_inbound_at >= $2 \
             ORDER BY last_inbound_at, id LIMIT $3"
        );
        let args = args![tenant, since, max];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(SQL, args).await?, conversation) }))
            .await
    }

    /// Open ones with a case that no rule closed, in which the last word is ours
    /// and nobody wrote after `before`; a page, `after` the last of the one before.
    pub async fn conversations_unanswered(
        &self,
        tenant: &TenantId,
        before: UnixMs,
        after: (UnixMs, ConversationId),
        max: u32,
    ) -> Result<Vec<Conversation>, StoreError> {
        const SQL: &str = conversations!(
            "WHERE tenant = $1 AND closed_at IS NULL AND last_message_at <= $2 \
               AND (last_message_at, id) > ($3, $4) \
               AND case_id IS NOT NULL AND rule_closed_at IS NULL \
               AND (last_inbound_at IS NULL OR last_inbound_at < last_message_at) \
             ORDER BY last_message_at, id LIMIT $5"
        );
        let args = args![tenant, before, after.0, after.1, max];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(SQL, args).await?, conversation) }))
            .await
    }

    /// Some open conversation has a case.
    pub async fn has_open_cases(&self, tenant: &TenantId) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT 1 FROM conversation \
            WHERE tenant = $1 AND closed_at IS NULL AND case_id IS NOT NULL LIMIT 1";
        let args = args![tenant];
        self.read(move |cx| boxed(async move { Ok(cx.tx.row(SQL, args).await?.is_some()) })).await
    }

    /// Those that exist, in the order they were asked for.
    pub async fn conversations(
        &self,
        tenant: &TenantId,
        ids: &[ConversationId],
    ) -> Result<Vec<Conversation>, StoreError> {
        const SQL: &str = conversations!("WHERE tenant = $1 AND id = $2");
        let lists = ids.iter().map(|id| args![tenant, *id]).collect();
        self.read(move |cx| {
            boxed(async move { plain(cx.tx.each(SQL, lists).await?, conversation) })
        })
        .await
    }

    /// Newest first by opening; `before` is the last one of the page before.
    pub async fn conversations_list(
        &self,
        tenant: &TenantId,
        before: Option<(UnixMs, ConversationId)>,
        max: u32,
    ) -> Result<Vec<Conversation>, StoreError> {
        const SQL: &str = conversations!(
            "WHERE tenant = $1 AND (opened_at, id) < ($2, $3) \
             ORDER BY opened_at DESC, id DESC LIMIT $4"
        );
        let end = (UnixMs(i64::MAX), ConversationId::from_bytes([0xff; 16]));
        let (at, id) = before.unwrap_or(end);
        let args = args![tenant, at, id, max];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(SQL, args).await?, conversation) }))
            .await
    }

    /// The newest one linked to the Case.
    pub async fn conversation_by_case(
        &self,
        tenant: &TenantId,
        case: &RecordId,
    ) -> Result<Option<Conversation>, StoreError> {
        const SQL: &str = conversations!(
            "WHERE tenant = $1 AND substr(case_id, 1, 15) = $2 \
             ORDER BY opened_at DESC, id DESC LIMIT 1"
        );
        let args = args![tenant, short(case)];
        self.read(move |cx| {
            boxed(async move { Ok(first(plain(cx.tx.rows(SQL, args).await?, conversation)?)) })
        })
        .await
    }
}
