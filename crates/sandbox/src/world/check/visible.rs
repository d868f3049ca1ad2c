//! Whatever waits for a person is in a list that people see; nothing else is.

use super::wrong;
use crate::world::facts::Facts;

pub fn check(facts: &Facts) -> Vec<String> {
    let mut wrongs = Vec::new();
    for send in &facts.accepted {
        let standing = facts.standings.get(&send.id);
        let status = standing.and_then(|s| s["status"].as_str()).unwrap_or("unknown");
        let waits = status == "asked" || facts.copies(&send.text).is_empty();
        let sends = facts.dead_letters[send.tenant]["sends"].as_array();
        let letter = sends.into_iter().flatten().find(|letter| letter["id"] == *send.id);
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
    let items = facts.dead_letters.iter().filter_map(|l| l["items"].as_array()).flatten().count();
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
