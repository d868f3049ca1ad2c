//! What one file decides that another does not.

use std::collections::BTreeMap;

use super::Routing;
use crate::mapping::Change;

/// By rule; then, by list, the order of the rules that both have, which counts:
/// the first that holds decides.
pub fn diff(before: &Routing, after: &Routing) -> Vec<Change> {
    let mut changes: BTreeMap<String, Change> = BTreeMap::new();
    let mut orders: BTreeMap<&str, [Vec<String>; 2]> = BTreeMap::new();
    for (at, routing) in [before, after].into_iter().enumerate() {
        for (list, name, text) in routing.lines() {
            let field = format!("{list}.{name}");
            let change = changes.entry(field.clone()).or_insert_with(|| Change {
                field,
                before: Vec::new(),
                after: Vec::new(),
            });
            let side = if at == 0 { &mut change.before } else { &mut change.after };
            side.push(text);
            orders.entry(list).or_default()[at].push(name.to_owned());
        }
    }
    let mut orders: Vec<_> = orders
        .into_iter()
        .map(|(list, [before, after])| {
            let both = |names: &[String], others: &[String]| {
                names.iter().filter(|name| others.contains(name)).cloned().collect()
            };
            let field = format!("{list} (order)");
            Change { field, before: both(&before, &after), after: both(&after, &before) }
        })
        .collect();
    let mut all: Vec<_> = changes.into_values().collect();
    all.append(&mut orders);
    all.retain(|change| change.before != change.after);
    all
}
