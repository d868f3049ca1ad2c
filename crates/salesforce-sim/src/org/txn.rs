//! A transaction: what it wrote can be taken back until it commits.

use std::sync::Arc;

use super::table::is_deleted;
use super::{Change, Org, Row};
use crate::schema::Object;

/// Who writes, and what the call said about the writing.
#[derive(Clone, Debug)]
pub struct Actor {
    pub user_id: String,
    pub at_ms: i64,
    pub client: Option<String>,
    pub auto_assign: bool,
    pub allow_save: bool,
}

impl Actor {
    pub fn of(user_id: &str, at_ms: i64) -> Self {
        Self {
            user_id: user_id.to_owned(),
            at_ms,
            client: None,
            auto_assign: true,
            allow_save: false,
        }
    }
}

struct Undo {
    object: Arc<Object>,
    id: String,
    before: Option<Row>,
}

/// Holds the org for as long as it lives. Dropped without [`Txn::commit`], it
/// leaves no trace.
pub struct Txn<'a> {
    pub org: &'a mut Org,
    pub actor: Actor,
    undo: Vec<Undo>,
}

impl<'a> Txn<'a> {
    pub fn begin(org: &'a mut Org, actor: Actor) -> Self {
        Self { org, actor, undo: Vec::new() }
    }

    pub fn put(&mut self, object: &Arc<Object>, id: &str, row: Row) {
        let before = self.org.put(object, id, Some(row));
        self.undo.push(Undo { object: object.clone(), id: id.to_owned(), before });
    }

    /// A point to which [`Txn::rollback_to`] goes back.
    pub fn mark(&self) -> usize {
        self.undo.len()
    }

    pub fn rollback_to(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some(Undo { object, id, before }) = self.undo.pop() {
                self.org.put(&object, &id, before);
            }
        }
    }

    /// Makes the writes stand and tells those who follow the changes.
    pub fn commit(mut self) {
        for Undo { object, id, before } in std::mem::take(&mut self.undo) {
            let now = self.org.table(&object).get(&id).cloned().unwrap_or_default();
            let kind = match &before {
                None => "create",
                Some(_) if is_deleted(&now) => "delete",
                Some(_) => "update",
            };
            let before = before.unwrap_or_default();
            let mut fields: Vec<_> = now
                .iter()
                .filter(|(k, v)| before.get(*k) != Some(*v))
                .map(|(k, _)| k.to_string())
                .collect();
            fields.extend(before.keys().filter(|k| !now.contains_key(*k)).map(ToString::to_string));
            self.org.changes.push(Change {
                seq: 0,
                at_ms: self.actor.at_ms,
                object: object.name.to_string(),
                id,
                kind,
                fields,
                by: self.actor.user_id.clone(),
                client: self.actor.client.clone(),
                auto_assign: self.actor.auto_assign,
            });
        }
    }
}

impl Drop for Txn<'_> {
    fn drop(&mut self) {
        self.rollback_to(0);
    }
}
