//! Saving records: what is checked, in which order, and what it changes.

mod batch;
mod create;
mod delete;
mod derive;
mod duplicates;
mod files;
mod guard;
mod life;
mod members;
mod parse;
mod refs;
mod unique;
mod update;
mod upsert;
mod validate;
mod values;

use std::sync::Arc;

pub use batch::Batch;
pub use life::{ConvertLead, Converted, convert_lead, merge};
pub use parse::{Parent, Values, parse};
pub use upsert::resolve;
pub use values::text as text_of;

use crate::error::ApiError;
use crate::org::{Org, Txn};
use crate::schema::{Field, Object, OnDelete};

/// One record to save or delete.
#[derive(Clone, Debug)]
pub struct Op {
    pub object: Arc<Object>,
    pub verb: Verb,
    pub values: Values,
}

#[derive(Clone, Debug)]
pub enum Verb {
    Create,
    Update { id: String },
    Upsert { key: Arc<Field>, value: Option<String>, target: Target },
    Delete { id: String },
}

/// What an upsert found. It is looked up when the call arrives; two calls that
/// both find nothing race for the unique index when they save.
#[derive(Clone, Debug)]
pub enum Target {
    Unresolved,
    Insert,
    Update { id: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub id: String,
    pub created: bool,
}

pub type Outcome = Result<Saved, ApiError>;

impl Op {
    /// Does it now; on an error nothing of it remains.
    pub fn apply(&self, txn: &mut Txn<'_>) -> Outcome {
        let mark = txn.mark();
        let outcome = self.attempt(txn);
        if outcome.is_err() {
            txn.rollback_to(mark);
        }
        outcome
    }

    fn attempt(&self, txn: &mut Txn<'_>) -> Outcome {
        let created = |id: String| Saved { id, created: true };
        let existing = |id: String| Saved { id, created: false };
        match &self.verb {
            Verb::Create => create::create(txn, &self.object, &self.values).map(created),
            Verb::Update { id } => {
                update::update(txn, &self.object, id, &self.values).map(existing)
            }
            Verb::Delete { id } => delete::delete(txn, &self.object, id).map(existing),
            Verb::Upsert { key, value, target } => {
                let target = match target {
                    Target::Unresolved => resolve(txn.org, &self.object, key, value.as_deref())?,
                    resolved => resolved.clone(),
                };
                match target {
                    Target::Update { id } => {
                        update::update(txn, &self.object, &id, &self.values).map(existing)
                    }
                    _ => {
                        let values = self.values.with_key(key, value.as_deref());
                        create::create(txn, &self.object, &values).map(created)
                    }
                }
            }
        }
    }

    /// The rows that saving this locks: the row itself, the master of a detail,
    /// a parent that its child keeps from being deleted or is deleted with, the
    /// Account of a standard record, also by way of its Contact (Record-Level
    /// Locking; Record Access Under the Hood). A lookup that is only cleared
    /// locks nothing.
    pub fn locks(&self, org: &Org) -> Vec<String> {
        let own = match &self.verb {
            Verb::Update { id } | Verb::Delete { id } => Some(id),
            Verb::Upsert { target: Target::Update { id }, .. } => Some(id),
            _ => None,
        };
        let mut roots: Vec<String> = own.into_iter().cloned().collect();
        let stored = own.and_then(|id| org.row(id)).map(|(_, _, row)| row);
        for field in self.object.fields() {
            let Some(reference) = &field.reference else {
                continue;
            };
            let of_contact = &*field.name == "ContactId";
            let binds = reference.master || reference.on_delete != OnDelete::SetNull;
            if !binds && !of_contact && &*field.name != "AccountId" {
                continue;
            }
            let offered = self.values.reference(org, field);
            let held = stored.and_then(|row| row.get(&field.name)).and_then(|v| v.as_str());
            let parent = offered.or_else(|| held.map(str::to_owned));
            if of_contact {
                let contact = parent.and_then(|id| org.row(&id)).map(|(_, _, row)| row);
                let account = contact.and_then(|row| row.get("AccountId")).and_then(|v| v.as_str());
                roots.extend(account.map(str::to_owned));
            } else {
                roots.extend(parent);
            }
        }
        roots
    }
}
