//! What one mapping does that another does not.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Mapping;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `Lead.Phone`
    pub field: String,
    /// The entries of the field, each in one line; empty where it has none.
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// By field. Two files that differ in comments and order of fields do not differ.
pub fn diff(before: &Mapping, after: &Mapping) -> Vec<Change> {
    let mut fields: BTreeMap<String, Change> = BTreeMap::new();
    for (mapping, is_after) in [(before, false), (after, true)] {
        for entry in &mapping.entries {
            let (field, text) = (entry.name(), entry.text());
            let change = fields.entry(field.clone()).or_insert_with(|| Change {
                field,
                before: Vec::new(),
                after: Vec::new(),
            });
            if is_after { change.after.push(text) } else { change.before.push(text) }
        }
    }
    fields.into_values().filter(|change| change.before != change.after).collect()
}
