//! What Salesforce should show of each row, in the order of its key there.

use model::UnixMs;
use model::ids::{ConversationId, MessageId, PersonId, TenantId};

use super::{boxed, plain};
use crate::row::{Mirrored, Object, Synced};
use crate::sql::{Cols, V, args};
use crate::{Store, StoreError};

macro_rules! mirror {
    (message: $rest:literal) => {
        concat!(
            "SELECT m.id, m.person, m.received_at, m.record_key, m.direction, s.rank, o.state, \
                w.wanted, w.done, w.aside, w.code, w.record FROM message m \
             LEFT JOIN outbox o ON o.tenant = m.tenant AND o.id = m.outbox \
             LEFT JOIN message_state s ON s.tenant = m.tenant AND s.number = m.number \
                AND s.state_key = m.state_key \
             LEFT JOIN sync_write w ON w.tenant = m.tenant AND w.object = 2 AND w.id = m.id ",
            $rest
        )
    };
    (conversation: $rest:literal) => {
        concat!(
            "SELECT c.id, c.person, c.opened_at, w.wanted, w.done, w.aside, w.code, w.record \
             FROM conversation c \
             LEFT JOIN sync_write w ON w.tenant = c.tenant AND w.object = 1 AND w.id = c.id ",
            $rest
        )
    };
    (person: $rest:literal) => {
        concat!(
            "SELECT p.id, p.id, p.created_at, w.wanted, w.done, w.aside, w.code, w.record \
             FROM person p \
             LEFT JOIN sync_write w ON w.tenant = p.tenant AND w.object = 0 AND w.id = p.id ",
            $rest
        )
    };
}

/// Which rows of the tenant.
#[derive(Clone, Debug)]
pub struct MirrorRange {
    /// After this key and id: the last row of the page before.
    pub after: Option<(String, [u8; 16])>,
    /// Learned of at or after this time.
    pub since: Option<UnixMs>,
    /// And before this one.
    pub until: UnixMs,
    pub max: u32,
}

impl Store {
    /// A page, in ascending order of key, then id.
    pub async fn mirror(
        &self,
        tenant: &TenantId,
        object: Object,
        range: MirrorRange,
    ) -> Result<Vec<Mirrored>, StoreError> {
        const MESSAGES: &str = mirror!(message: "WHERE m.tenant = $1 \
            AND (m.record_key, m.id) > ($2, $3) AND m.received_at >= $4 AND m.received_at < $5 \
            ORDER BY m.record_key, m.id LIMIT $6");
        const CONVERSATIONS: &str = mirror!(conversation: "WHERE c.tenant = $1 AND c.id > $2 \
            AND c.opened_at >= $3 AND c.opened_at < $4 ORDER BY c.id LIMIT $5");
        const PERSONS: &str = mirror!(person: "WHERE p.tenant = $1 AND p.id > $2 \
            AND p.created_at >= $3 AND p.created_at < $4 ORDER BY p.id LIMIT $5");
        let (key, id) = range.after.unwrap_or_default();
        let since = range.since.unwrap_or(UnixMs(i64::MIN));
        // No id is empty: all come after it.
        let id = if key.is_empty() { V::B(vec![]) } else { V::from(id) };
        let (sql, args) = match object {
            Object::Message => (MESSAGES, args![tenant, key, id, since, range.until, range.max]),
            Object::Conversation => {
                (CONVERSATIONS, args![tenant, id, since, range.until, range.max])
            }
            Object::Person => (PERSONS, args![tenant, id, since, range.until, range.max]),
        };
        self.mirrored(object, sql, vec![args]).await
    }

    /// Those that exist.
    pub async fn mirror_by_keys(
        &self,
        tenant: &TenantId,
        object: Object,
        keys: &[String],
    ) -> Result<Vec<Mirrored>, StoreError> {
        const MESSAGES: &str = mirror!(message: "WHERE m.tenant = $1 AND m.record_key = $2");
        const CONVERSATIONS: &str = mirror!(conversation: "WHERE c.tenant = $1 AND c.id = $2");
        const PERSONS: &str = mirror!(person: "WHERE p.tenant = $1 AND p.id = $2");
        let (sql, lists): (_, Vec<Vec<V>>) = match object {
            Object::Message => (MESSAGES, keys.iter().map(|key| args![tenant, key]).collect()),
            Object::Conversation => {
                let ids = keys.iter().filter_map(|key| ConversationId::parse(key));
                (CONVERSATIONS, ids.map(|id| args![tenant, id]).collect())
            }
            Object::Person => {
                let ids = keys.iter().filter_map(|key| PersonId::parse(key));
                (PERSONS, ids.map(|id| args![tenant, id]).collect())
            }
        };
        self.mirrored(object, sql, lists).await
    }

    async fn mirrored(
        &self,
        object: Object,
        sql: &'static str,
        lists: Vec<Vec<V>>,
    ) -> Result<Vec<Mirrored>, StoreError> {
        self.read(move |cx| {
            boxed(async move { plain(cx.tx.each(sql, lists).await?, |row| mirrored(object, row)) })
        })
        .await
    }

    /// Items that say their message is stored, with whether it is: a page in
    /// the order of the messages' ids, which begin with their time.
    pub async fn items_with_message(
        &self,
        tenant: &TenantId,
        after: MessageId,
        max: u32,
    ) -> Result<Vec<(MessageId, bool)>, StoreError> {
        const SQL: &str = "SELECT i.message, m.id IS NOT NULL FROM item i \
            LEFT JOIN message m ON m.tenant = i.tenant AND m.id = i.message \
            WHERE i.tenant = $1 AND i.message IS NOT NULL AND i.message > $2 \
            ORDER BY i.message LIMIT $3";
        let args = args![tenant, after, max];
        self.read(move |cx| {
            boxed(async move {
                let rows = cx.tx.rows(SQL, args).await?;
                plain(rows, |row| Ok((row.get()?, row.get()?)))
            })
        })
        .await
    }
}

fn mirrored(object: Object, row: &mut Cols) -> Result<Mirrored, StoreError> {
    let (id, root, at): ([u8; 16], PersonId, UnixMs) = (row.get()?, row.get()?, row.get()?);
    let (key, direction, stated, outbox) = match object {
        Object::Message => (row.get()?, Some(row.get()?), row.get()?, row.get()?),
        Object::Conversation => (ConversationId::from_bytes(id).to_string(), None, None, None),
        Object::Person => (PersonId::from_bytes(id).to_string(), None, None, None),
    };
    let sync = match row.get::<Option<i64>>()? {
        Some(wanted) => Some(Synced {
            wanted,
            done: row.get()?,
            aside: row.get()?,
            code: row.get()?,
            record: row.get()?,
        }),
        None => None,
    };
    Ok(Mirrored { key, id, root, at, direction, stated, outbox, sync })
}
