//! Nothing of one tenant is anywhere at the other: every text names its own.

use super::wrong;
use crate::world::facts::Facts;
use crate::world::outside::TENANTS;

pub fn check(facts: &Facts) -> Vec<String> {
    let mut wrongs = Vec::new();
    for (tenant, tenancy) in TENANTS.iter().enumerate() {
        let other = format!("{}/", TENANTS[1 - tenant].name);
        let all: String = facts.rows[tenant]
            .values()
            .flatten()
            .map(|row| row.to_string())
            .chain([facts.dead_letters[tenant].to_string(), facts.uncertain[tenant].to_string()])
            .collect();
        wrongs.extend(wrong(!all.contains(&other), || {
            format!("{}: the org or the API holds texts of {other}", tenancy.name)
        }));
        for message in facts.phones.iter().filter(|m| m.number_id == tenancy.number) {
            let body = message.content["body"].as_str().unwrap_or_default();
            wrongs.extend(wrong(!body.starts_with(&other), || {
                format!("{body:?} was sent from the number of {}", tenancy.name)
            }));
        }
    }
    wrongs.extend(
        facts.seen_by_others.iter().map(|text| format!("{text:?} is shown to the other tenant")),
    );
    wrongs
}
