//! A customer of a tenant is one person with one home; a conversation and,
//! where the home is a Contact, a case.

use std::collections::BTreeSet;

use super::wrong;
use crate::world::facts::Facts;
use crate::world::outside::TENANTS;

pub fn check(facts: &Facts) -> Vec<String> {
    let mut wrongs = Vec::new();
    for (tenant, tenancy) in TENANTS.iter().enumerate() {
        let pairs: Vec<_> = facts.pairs.iter().filter(|pair| pair.tenant == tenant).collect();
        let known = pairs.iter().filter(|pair| pair.contact.is_some()).count();
        let count = |object: &str| facts.rows[tenant].get(object).map_or(0, Vec::len);
        for (object, want) in [
            ("Puente_Person__c", pairs.len()),
            ("Puente_Conversation__c", pairs.len()),
            ("Lead", pairs.len() - known),
            ("Contact", known),
            ("Case", known),
        ] {
            wrongs.extend(wrong(count(object) == want, || {
                format!("{}: {} {object}, not {want}", tenancy.name, count(object))
            }));
        }
        let rows = |object: &str| facts.rows[tenant].get(object).into_iter().flatten();
        for person in rows("Puente_Person__c") {
            let home = person["Lead__c"].is_string() || person["Contact__c"].is_string();
            wrongs.extend(wrong(home, || format!("{}: a person has no home", tenancy.name)));
        }
        let ids: BTreeSet<_> = rows("Case").filter_map(|case| case["Id"].as_str()).collect();
        let linked: BTreeSet<_> =
            rows("Puente_Conversation__c").filter_map(|c| c["Case__c"].as_str()).collect();
        wrongs.extend(wrong(ids == linked, || {
            format!("{}: cases {ids:?}, conversations show {linked:?}", tenancy.name)
        }));
        for message in rows("Puente_Message__c") {
            let parent = message["Conversation__c"].is_string();
            wrongs.extend(wrong(parent, || {
                format!("{}: {} has no conversation", tenancy.name, message["Text__c"])
            }));
        }
    }
    wrongs
}
