//! Rows of one object with an index for each field that identifies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::schema::{Field, Object};

/// Values by field name, as answers show them; a missing one is null. `Id` is the key.
pub type Row = BTreeMap<Arc<str>, Value>;

#[derive(Debug, Default)]
pub struct Table {
    rows: BTreeMap<String, Row>,
    /// Live rows by field and folded value.
    index: BTreeMap<Arc<str>, BTreeMap<String, BTreeSet<String>>>,
    live: usize,
}

pub fn is_deleted(row: &Row) -> bool {
    row.get("IsDeleted").and_then(Value::as_bool).unwrap_or(false)
}

impl Table {
    pub fn get(&self, id: &str) -> Option<&Row> {
        self.rows.get(id)
    }

    /// A row with its id as it is kept.
    pub fn entry(&self, id: &str) -> Option<(&str, &Row)> {
        self.rows.get_key_value(id).map(|(id, row)| (&**id, row))
    }

    /// A row that is not deleted.
    pub fn live(&self, id: &str) -> Option<&Row> {
        self.get(id).filter(|row| !is_deleted(row))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Row)> {
        self.rows.iter().map(|(id, row)| (&**id, row))
    }

    /// Rows that are not deleted.
    pub fn len(&self) -> usize {
        self.live
    }

    pub fn put(&mut self, object: &Object, id: &str, row: Option<Row>) -> Option<Row> {
        let before = match row {
            Some(row) => {
                self.enter(object, id, &row);
                self.rows.insert(id.to_owned(), row)
            }
            None => self.rows.remove(id),
        };
        if let Some(before) = &before {
            self.leave(object, id, before);
        }
        before
    }

    /// Ids of live rows whose indexed field has this value; `None` without an index.
    pub fn find(&self, field: &Field, value: &str) -> Option<Vec<String>> {
        if !field.is_indexed() {
            return None;
        }
        let ids = self.index.get(&field.name).and_then(|by| by.get(&field.fold(value)));
        Some(ids.map(|ids| ids.iter().cloned().collect()).unwrap_or_default())
    }

    fn enter(&mut self, object: &Object, id: &str, row: &Row) {
        if is_deleted(row) {
            return;
        }
        self.live += 1;
        for (field, value) in indexed(object, row) {
            let by = self.index.entry(field.name.clone()).or_default();
            by.entry(field.fold(value)).or_default().insert(id.to_owned());
        }
    }

    /// Takes a former state of the row out of the indexes, unless its present
    /// state stands there for the same value.
    fn leave(&mut self, object: &Object, id: &str, before: &Row) {
        if is_deleted(before) {
            return;
        }
        self.live -= 1;
        let now = self.rows.get(id).filter(|row| !is_deleted(row));
        for (field, value) in indexed(object, before) {
            let folded = field.fold(value);
            let kept = now.and_then(|row| row.get(&field.name)).and_then(Value::as_str);
            if kept.is_some_and(|kept| field.fold(kept) == folded) {
                continue;
            }
            let Some(by) = self.index.get_mut(&field.name) else {
                continue;
            };
            if let Some(ids) = by.get_mut(&folded) {
                ids.remove(id);
                if ids.is_empty() {
                    by.remove(&folded);
                }
            }
        }
    }
}

fn indexed<'a>(object: &'a Object, row: &'a Row) -> impl Iterator<Item = (&'a Field, &'a str)> {
    object.fields().iter().filter(|f| f.is_indexed()).filter_map(|field| {
        let text = row.get(&field.name)?.as_str()?;
        Some((&**field, text))
    })
}
