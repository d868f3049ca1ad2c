//! From names to fields, with the errors a wrong name gives.

use std::sync::Arc;

use serde_json::Value;

use super::ast::Path;
use super::lex::located;
use crate::error::ApiError;
use crate::org::{Org, Row};
use crate::schema::{Field, Kind, Object};

/// A field of the row or of a parent some hops away.
#[derive(Clone, Debug)]
pub struct Column {
    pub hops: Vec<Arc<Field>>,
    pub field: Arc<Field>,
}

pub struct Names<'a> {
    pub org: &'a Org,
    pub query: &'a str,
    pub object: Arc<Object>,
}

impl Names<'_> {
    pub fn column(&self, path: &Path) -> Result<Column, ApiError> {
        let (last, hops) = path.steps.split_last().ok_or_else(ApiError::not_found)?;
        // The object's own name may stand before its fields.
        let hops = match hops.first() {
            Some(first) if first.eq_ignore_ascii_case(&self.object.name) => &hops[1..],
            _ => hops,
        };
        let mut at = vec![self.object.clone()];
        let mut taken = Vec::new();
        for hop in hops {
            let found = at.iter().find_map(|o| o.hop(hop).filter(|f| !self.org.is_hidden(o, f)));
            let Some(field) = found.cloned() else {
                return Err(self.no_relationship(path, hop, &at[0]));
            };
            let targets = field.reference.iter().flat_map(|r| &r.to);
            at = targets.filter_map(|t| self.org.schema.object(t).cloned()).collect();
            taken.push(field);
        }
        let found = at.iter().find_map(|o| self.org.visible(o, last));
        match (found, at.first()) {
            (Some(field), _) => Ok(Column { hops: taken, field: field.clone() }),
            (None, object) => Err(self.no_column(path, last, object.unwrap_or(&self.object))),
        }
    }

    fn no_column(&self, path: &Path, name: &str, object: &Object) -> ApiError {
        let text = format!(
            "No such column '{name}' on entity '{}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
            object.name
        );
        ApiError::bad("INVALID_FIELD", located(self.query, path.at, &text))
    }

    fn no_relationship(&self, path: &Path, hop: &str, object: &Object) -> ApiError {
        let text = format!(
            "Didn't understand relationship '{hop}' in field path of entity '{}'. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.",
            object.name
        );
        ApiError::bad("INVALID_FIELD", located(self.query, path.at, &text))
    }
}

impl Column {
    /// The value for a row; null when a hop leads nowhere.
    pub fn value(&self, org: &Org, id: &str, row: &Row) -> Value {
        let Some((first, rest)) = self.hops.split_first() else {
            if self.field.kind == Kind::Id {
                return Value::from(id);
            }
            return row.get(&self.field.name).cloned().unwrap_or(Value::Null);
        };
        let parent = row.get(&first.name).and_then(Value::as_str).and_then(|id| org.row(id));
        let Some((_, id, row)) = parent else {
            return Value::Null;
        };
        let next = Self { hops: rest.to_vec(), field: self.field.clone() };
        next.value(org, &id, row)
    }
}
