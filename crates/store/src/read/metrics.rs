//! What the days of a tenant came to, and page by page what they are counted
//! from.

use model::UnixMs;
use model::ids::{ConversationId, TenantId};

use super::conversation::{conversation, conversations};
use super::{boxed, plain};
use crate::row::{Conversation, MetricCell, MetricDay, MetricMessage, MetricRecord, RecordKind};
use crate::sql::{Cols, args};
use crate::{Store, StoreError};

/// `$2` to `$3`, after the message of `$4` and `$5`. Each look beside the
/// message is one step of the index of its conversation.
const MESSAGES: &str = "SELECT m.id, m.seq, m.conversation, m.number, m.direction, m.sent_at, \
        o.class, o.template, o.agent, \
        (SELECT b.sent_at FROM message b \
         WHERE b.tenant = m.tenant AND b.conversation = m.conversation \
           AND (b.sent_at, b.seq) < (m.sent_at, m.seq) \
         ORDER BY b.sent_at DESC, b.seq DESC LIMIT 1), \
        CASE WHEN m.direction = 'in' THEN NULL ELSE \
        (SELECT MIN(i.sent_at) FROM message i \
         WHERE i.tenant = m.tenant AND i.conversation = m.conversation AND i.direction = 'in' \
           AND i.sent_at <= m.sent_at AND (i.sent_at, i.seq) < (m.sent_at, m.seq) \
           AND i.sent_at > COALESCE( \
            (SELECT u.sent_at FROM message u \
                LEFT JOIN outbox v ON v.tenant = u.tenant AND v.id = u.outbox \
             WHERE u.tenant = m.tenant AND u.conversation = m.conversation \
               AND u.direction <> 'in' AND COALESCE(v.class, 0) <> 2 \
               AND (u.sent_at, u.seq) < (m.sent_at, m.seq) \
             ORDER BY u.sent_at DESC, u.seq DESC LIMIT 1), -1)) END, \
        CASE WHEN m.direction = 'in' THEN NULL ELSE \
        (SELECT a.sent_at FROM message a \
         WHERE a.tenant = m.tenant AND a.conversation = m.conversation AND a.direction = 'in' \
           AND (a.sent_at, a.seq) > (m.sent_at, m.seq) \
         ORDER BY a.sent_at, a.seq LIMIT 1) END, \
        COALESCE(s.accepted_at, o.accepted_at), s.sent_at, s.delivered_at, s.read_at, s.played_at, \
        COALESCE(s.failed_at, CASE WHEN o.state IN ('failed', 'dropped') THEN o.failed_at END), \
        COALESCE(s.code, o.code) \
    FROM message m \
    LEFT JOIN outbox o ON o.tenant = m.tenant AND o.id = m.outbox \
    LEFT JOIN message_state s ON s.tenant = m.tenant AND s.number = m.number \
        AND s.state_key = m.state_key AND m.direction <> 'in' \
    WHERE m.tenant = $1 AND m.sent_at >= $2 AND m.sent_at < $3 AND (m.sent_at, m.seq) > ($4, $5) \
    ORDER BY m.sent_at, m.seq LIMIT $6";

fn message(row: &mut Cols) -> Result<MetricMessage, StoreError> {
    Ok(MetricMessage {
        id: row.get()?,
        seq: row.get()?,
        conversation: row.get()?,
        number: row.get()?,
        direction: row.get()?,
        at: row.get()?,
        class: row.get()?,
        template: row.get()?,
        agent: row.get()?,
        before_at: row.get()?,
        waited_since: row.get()?,
        replied_at: row.get()?,
        accepted_at: row.get()?,
        sent_at: row.get()?,
        delivered_at: row.get()?,
        read_at: row.get()?,
        played_at: row.get()?,
        failed_at: row.get()?,
        code: row.get()?,
    })
}

impl Store {
    /// Messages from `from` on and before `until`, in order of time and then of
    /// storing, after the one at `after`.
    pub async fn metric_messages(
        &self,
        tenant: &TenantId,
        from: UnixMs,
        until: UnixMs,
        after: Option<(UnixMs, i64)>,
        max: u32,
    ) -> Result<Vec<MetricMessage>, StoreError> {
        let (at, seq) = after.unwrap_or((UnixMs(i64::MIN), 0));
        let args = args![tenant, from, until, at, seq, max];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(MESSAGES, args).await?, message) }))
            .await
    }

    /// Conversations that opened then, in order of time.
    pub async fn metric_opened(
        &self,
        tenant: &TenantId,
        from: UnixMs,
        until: UnixMs,
        after: Option<(UnixMs, ConversationId)>,
        max: u32,
    ) -> Result<Vec<Conversation>, StoreError> {
        const SQL: &str = conversations!(
            "WHERE tenant = $1 AND opened_at >= $2 AND opened_at < $3 AND (opened_at, id) > ($4, $5) \
             ORDER BY opened_at, id LIMIT $6"
        );
        let (at, id) = after.unwrap_or((UnixMs(i64::MIN), ConversationId::from_bytes([0; 16])));
        let args = args![tenant, from, until, at, id, max];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(SQL, args).await?, conversation) }))
            .await
    }

    /// Conversations that closed then, in order of time.
    pub async fn metric_closed(
        &self,
        tenant: &TenantId,
        from: UnixMs,
        until: UnixMs,
        after: Option<(UnixMs, ConversationId)>,
        max: u32,
    ) -> Result<Vec<Conversation>, StoreError> {
        const SQL: &str = conversations!(
            "WHERE tenant = $1 AND closed_at >= $2 AND closed_at < $3 AND (closed_at, id) > ($4, $5) \
             ORDER BY closed_at, id LIMIT $6"
        );
        let (at, id) = after.unwrap_or((UnixMs(i64::MIN), ConversationId::from_bytes([0; 16])));
        let args = args![tenant, from, until, at, id, max];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(SQL, args).await?, conversation) }))
            .await
    }

    /// Cases and Opportunities that were known to be made then, in order of time.
    pub async fn metric_records(
        &self,
        tenant: &TenantId,
        from: UnixMs,
        until: UnixMs,
        after: Option<(UnixMs, [u8; 16], RecordKind)>,
        max: u32,
    ) -> Result<Vec<MetricRecord>, StoreError> {
        const SQL: &str = "SELECT l.at, l.slot, l.kind, l.record, c.number FROM record_link l \
            LEFT JOIN conversation c ON c.tenant = l.tenant AND c.id = l.slot \
            WHERE l.tenant = $1 AND l.state = 'linked' AND l.kind IN ('case', 'opportunity') \
              AND l.at >= $2 AND l.at < $3 AND (l.at, l.slot, l.kind) > ($4, $5, $6) \
            ORDER BY l.at, l.slot, l.kind LIMIT $7";
        let start = (UnixMs(i64::MIN), [0; 16], RecordKind::Case);
        let (at, slot, kind) = after.unwrap_or(start);
        let args = args![tenant, from, until, at, slot, kind, max];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    Ok(MetricRecord {
                        at: row.get()?,
                        slot: row.get()?,
                        kind: row.get()?,
                        record: row.get()?,
                        number: row.get()?,
                    })
                })
            })
        })
        .await
    }

    /// Kept figures of the days from `from` to `to`, told by this; `None`: by
    /// all there is. In the order of the days.
    pub async fn metric_cells(
        &self,
        tenant: &TenantId,
        from: i32,
        to: i32,
        by: Option<&str>,
    ) -> Result<Vec<(i32, MetricCell)>, StoreError> {
        const SQL: &str = "SELECT day, metric, dimension, place, records, total FROM metric_day \
            WHERE tenant = $1 AND day >= $2 AND day <= $3 AND ($4 = '' OR dimension = $4) \
            ORDER BY day, metric, dimension, place";
        let args = args![tenant, from, to, by.unwrap_or_default()];
        self.read(move |cx| {
            boxed(async move {
                plain(cx.tx.rows(SQL, args).await?, |row| {
                    let day: i64 = row.get()?;
                    let cell = MetricCell {
                        metric: row.get()?,
                        by: row.get()?,
                        key: row.get()?,
                        count: row.get()?,
                        sum: row.get()?,
                    };
                    Ok((day as i32, cell))
                })
            })
        })
        .await
    }

    /// Which of the days from `from` to `to` were counted or are asked for.
    pub async fn metric_days(
        &self,
        tenant: &TenantId,
        from: i32,
        to: i32,
    ) -> Result<Vec<MetricDay>, StoreError> {
        const SQL: &str = "SELECT day, at, settled, asked FROM metric_kept \
            WHERE tenant = $1 AND day >= $2 AND day <= $3 ORDER BY day";
        let args = args![tenant, from, to];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(SQL, args).await?, day) })).await
    }

    /// Days that are asked for, the newest first.
    pub async fn metric_days_asked(
        &self,
        tenant: &TenantId,
        max: u32,
    ) -> Result<Vec<MetricDay>, StoreError> {
        const SQL: &str = "SELECT day, at, settled, asked FROM metric_kept \
            WHERE tenant = $1 AND asked = 1 ORDER BY day DESC LIMIT $2";
        let args = args![tenant, max];
        self.read(move |cx| boxed(async move { plain(cx.tx.rows(SQL, args).await?, day) })).await
    }
}

fn day(row: &mut Cols) -> Result<MetricDay, StoreError> {
    let day: i64 = row.get()?;
    let (at, settled, asked) = (row.get()?, row.get()?, row.get()?);
    Ok(MetricDay { day: day as i32, at, settled, asked })
}
