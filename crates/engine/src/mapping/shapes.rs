//! What the org says of the objects that a mapping names.

use std::collections::{BTreeMap, BTreeSet};

use model::Fault;
use rules::mapping::{Shape, Slot, Target};
use salesforce::client::Describe;
use salesforce::{Client, Names};

/// One call for each object; one that is missing or hidden is left out.
pub async fn shapes(
    client: &Client,
    targets: &BTreeSet<Target>,
) -> Result<BTreeMap<Target, Shape>, Fault> {
    let mut shapes = BTreeMap::new();
    for target in targets {
        match client.describe(&client.names().object(target.object())).await {
            Ok(found) => {
                shapes.insert(*target, shape(client.names(), *target, &found));
            }
            Err(fault) if fault.code.as_str() == "sf.NOT_FOUND" => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(shapes)
}

/// Without the fields that puente keeps itself.
pub fn shape(names: &Names, target: Target, found: &Describe) -> Shape {
    let theirs = found.fields.iter().filter(|field| !target.keeps(names.strip(&field.name)));
    let slots = theirs
        .map(|field| {
            let values = field.picklist_values.iter().filter(|value| value.active);
            let values = || values.clone().map(|value| value.value.clone()).collect();
            Slot {
                name: field.name.clone(),
                kind: field.kind.clone(),
                length: field.length as usize,
                createable: field.createable,
                updateable: field.updateable,
                required: field.required_at_create(),
                only: field.restricted_picklist.then(values),
            }
        })
        .collect();
    Shape { createable: found.createable, updateable: found.updateable, slots }
}
