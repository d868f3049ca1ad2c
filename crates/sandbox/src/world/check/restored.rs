//! A restored database does nothing again, and takes nothing back.

use std::collections::BTreeMap;

use super::wrong;
use crate::world::facts::Facts;
use crate::world::outside::TENANTS;
use crate::world::watch::rank;

pub fn check(before: &Facts, after: &Facts) -> Vec<String> {
    let mut wrongs = Vec::new();
    for send in &before.accepted {
        let copies = after.copies(&send.text).len();
        wrongs.extend(wrong(copies <= 1, || {
            format!("{:?} is {copies} times on the phone", send.text)
        }));
    }
    for (tenant, tenancy) in TENANTS.iter().enumerate() {
        let (was, is) = (shown(before, tenant), shown(after, tenant));
        for (text, was) in &was {
            let is = is.get(text).map_or(&[][..], Vec::as_slice);
            let keeps = is.len() == was.len() && is.iter().zip(was).all(|(is, was)| is >= was);
            wrongs.extend(wrong(keeps, || {
                format!("{}: {text} stood at {was:?} in Salesforce, now {is:?}", tenancy.name)
            }));
        }
        wrongs.extend(wrong(is.len() == was.len(), || {
            format!("{}: {} messages were shown, and {}", tenancy.name, was.len(), is.len())
        }));
    }
    wrongs
}

/// How far each row with a text is, as an agent reads it.
fn shown(facts: &Facts, tenant: usize) -> BTreeMap<String, Vec<Option<usize>>> {
    let mut shown: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in facts.messages(tenant) {
        let status = row["Status__c"].as_str().unwrap_or_default();
        shown.entry(row["Text__c"].to_string()).or_default().push(rank(status));
    }
    shown.values_mut().for_each(|ranks| ranks.sort_unstable());
    shown
}
