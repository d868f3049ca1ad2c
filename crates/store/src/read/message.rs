//! Messages with where they stand.

use model::UnixMs;
use model::ids::{ConversationId, MessageId, PersonId, PhoneNumberId, TenantId};

use super::state::{joined, sending, state_columns, told};
use super::{boxed, every, first};
use crate::apply::message::BODY;
use crate::cx::Cx;
use crate::row::{Direction, Message, MessageMedia, MessageState};
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! messages {
    ($rest:literal) => {
        concat!(
            "SELECT m.tenant, m.id, m.seq, m.conversation, m.person, m.lane, m.number, m.direction, \
             m.kind, m.record_key, m.outbox, m.journal, m.sent_at, m.received_at, m.late, m.body, \
             f.state, f.code, f.document, m.state_key, o.state, o.accepted_at, o.failed_at, o.code, o.detail, ",
            state_columns!(),
            " FROM message m \
             LEFT JOIN outbox o ON o.tenant = m.tenant AND o.id = m.outbox \
             LEFT JOIN media f ON f.tenant = m.tenant AND f.message = m.id \
             LEFT JOIN message_state s ON s.tenant = m.tenant AND s.number = m.number \
                AND s.state_key = m.state_key ",
            $rest
        )
    };
}

async fn message(cx: &mut Cx, mut row: Cols) -> Result<Message, StoreError> {
    let (tenant, id): (TenantId, MessageId) = (row.get()?, row.get()?);
    let mut message = Message {
        id,
        seq: row.get()?,
        conversation: row.get()?,
        person: row.get()?,
        lane: row.get()?,
        number: row.get()?,
        direction: row.get()?,
        kind: row.get()?,
        record_key: row.get()?,
        outbox: row.get()?,
        journal: row.get()?,
        sent_at: row.get()?,
        received_at: row.get()?,
        late: row.get()?,
        body: cx.open(tenant.as_str(), BODY, id.as_bytes(), row.get()?).await?,
        state: None,
        media: file(&mut row)?,
    };
    if message.direction != Direction::In {
        let key = row.get()?;
        let sending = sending(cx, &tenant, message.outbox, &mut row).await?;
        let told = told(cx, &tenant, &message.number, key, &mut row).await?;
        message.state = Some(joined(sending, told));
    }
    Ok(message)
}

fn file(row: &mut Cols) -> Result<Option<MessageMedia>, StoreError> {
    let (state, code, document) = (row.get()?, row.get()?, row.get()?);
    Ok(Option::map(state, |state| MessageMedia { state, code, document }))
}

impl Store {
    /// Those that exist, in the order they were asked for.
    pub async fn messages(
        &self,
        tenant: &TenantId,
        ids: &[MessageId],
    ) -> Result<Vec<Message>, StoreError> {
        const SQL: &str = messages!("WHERE m.tenant = $1 AND m.id = $2");
        self.messages_each(SQL, ids.iter().map(|id| args![tenant, *id]).collect()).await
    }

    /// The message of a wamid, by the keyed hash of number and wamid.
    pub async fn message_by_state_key(
        &self,
        tenant: &TenantId,
        number: &PhoneNumberId,
        key: &[u8; 16],
    ) -> Result<Option<Message>, StoreError> {
        const SQL: &str = messages!(
            "WHERE m.tenant = $1 AND m.number = $2 AND m.state_key = $3 \
             ORDER BY CASE WHEN m.outbox IS NULL THEN 1 ELSE 0 END, m.seq LIMIT 1"
        );
        Ok(first(self.messages_each(SQL, vec![args![tenant, number, key]]).await?))
    }

    /// A page of a thread, newest first: by Meta's timestamp, then by the
    /// order in which they were stored. `before` is the last one of the page
    /// before.
    pub async fn messages_of(
        &self,
        tenant: &TenantId,
        conversation: ConversationId,
        before: Option<(UnixMs, MessageId)>,
        max: u32,
    ) -> Result<Vec<Message>, StoreError> {
        const SQL: &str = messages!(
            "WHERE m.tenant = $1 AND m.conversation = $2 AND (m.sent_at, m.seq) < ($3, \
                COALESCE((SELECT seq FROM message WHERE tenant = $1 AND id = $4), $5)) \
             ORDER BY m.sent_at DESC, m.seq DESC LIMIT $6"
        );
        let (at, id) = before.unzip();
        let at = at.unwrap_or(UnixMs(i64::MAX));
        let args = args![tenant, conversation, at, id, i64::MAX, max];
        self.messages_each(SQL, vec![args]).await
    }

    /// The same over all conversations of a person.
    pub async fn person_messages(
        &self,
        tenant: &TenantId,
        person: PersonId,
        before: Option<(UnixMs, MessageId)>,
        max: u32,
    ) -> Result<Vec<Message>, StoreError> {
        const SQL: &str = messages!(
            "WHERE m.tenant = $1 AND m.person = $2 AND (m.sent_at, m.seq) < ($3, \
                COALESCE((SELECT seq FROM message WHERE tenant = $1 AND id = $4), $5)) \
             ORDER BY m.sent_at DESC, m.seq DESC LIMIT $6"
        );
        let (at, id) = before.unzip();
        let at = at.unwrap_or(UnixMs(i64::MAX));
        let args = args![tenant, person, at, id, i64::MAX, max];
        self.messages_each(SQL, vec![args]).await
    }

    async fn messages_each(
        &self,
        sql: &'static str,
        lists: Vec<Vec<V>>,
    ) -> Result<Vec<Message>, StoreError> {
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.each(sql, lists).await?;
                every(cx, rows, |cx, row| boxed(message(cx, row))).await
            })
        })
        .await
    }

    /// What Meta has told of these wamids, whether or not their message is known.
    pub async fn message_states(
        &self,
        tenant: &TenantId,
        keys: &[(PhoneNumberId, [u8; 16])],
    ) -> Result<Vec<(PhoneNumberId, [u8; 16], MessageState)>, StoreError> {
        const SQL: &str = concat!(
            "SELECT s.number, s.state_key, ",
            state_columns!(),
            " FROM message_state s WHERE s.tenant = $1 AND s.number = $2 AND s.state_key = $3"
        );
        let tenant = tenant.clone();
        let lists = keys.iter().map(|(number, key)| args![&tenant, number, key]).collect();
        self.read(move |cx| {
            boxed(async move {
                let mut out = vec![];
                for mut row in cx.tx.each(SQL, lists).await? {
                    let (number, key) = (row.get()?, row.get()?);
                    if let Some(state) = told(cx, &tenant, &number, Some(key), &mut row).await? {
                        out.push((number, key, state));
                    }
                }
                Ok(out)
            })
        })
        .await
    }
}
