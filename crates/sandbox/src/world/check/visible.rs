//! Whatever waits for a person is in a list that people see; nothing else is.

use serde_json::Value;

use super::wrong;
use crate::world::facts::Facts;

pub fn check(facts: &Facts) -> Vec<String> {
    let mut wrongs = Vec::new();
    for send in &facts.accepted {
        let standing = facts.standings.get(&send.id);
        let status = standing.and_then(|s| s["status"].as_str()).unwrap_or("unknown");
        let waits = status == "asked" || facts.copies(&send.text).is_empty();
        let mut letters =
            listed(&facts.dead_letters[send.tenant]).chain(listed(&facts.uncertain[send.tenant]));
        let letter = letters.find(|letter| letter["id"] == *send.id);
        wrongs.extend(wrong(!waits || letter.is_some(), || {
            format!("{:?} is {status} and in no list", send.text)
        }));
        let there = !facts.copies(&send.text).is_empty();
        wrongs.extend(wrong(!there || letter.is_none(), || {
            format!("{:?} is on the phone, and in a list of what is not", send.text)
        }));
        let told = letter.is_none_or(|letter| letter["code"].is_string());
        wrongs.extend(wrong(told, || format!("{:?} is set aside without a reason", send.text)));
    }
    let items = facts.dead_letters.iter().flat_map(listed).filter(|l| l["kind"] == "item").count();
    let depths = &facts.depths;
    for (what, found, want) in [
        ("broken items in the lists", items as u64, facts.nameless),
        ("broken items counted", depths.items_aside, facts.nameless),
        ("unclaimed items", depths.items_unclaimed, facts.stray),
        ("rows set aside on the way to Salesforce", depths.sync_aside, 0),
    ] {
        wrongs.extend(wrong(found == want, || format!("{found} {what}, not {want}")));
    }
    wrongs
}

fn listed(answer: &Value) -> impl Iterator<Item = &Value> {
    answer["items"].as_array().into_iter().flatten()
}
