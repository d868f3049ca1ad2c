//! Whatever was answered 202 is on the phone once, or a person is shown why
//! not.

use super::wrong;
use crate::world::callers::Accepted;
use crate::world::facts::Facts;

fn standing<'a>(facts: &'a Facts, send: &Accepted) -> &'a str {
    facts.standings.get(&send.id).and_then(|s| s["status"].as_str()).unwrap_or("unknown")
}

pub fn check(facts: &Facts) -> Vec<String> {
    let mut wrongs = Vec::new();
    for send in &facts.accepted {
        let (text, copies) = (&send.text, facts.copies(&send.text).len());
        let status = standing(facts, send);
        wrongs.extend(wrong(copies <= 1, || format!("{text:?} is {copies} times on the phone")));
        let asks = matches!(status, "asked" | "failed");
        let sent = matches!(status, "accepted" | "sent" | "delivered" | "read" | "failed");
        wrongs.extend(wrong(copies == 0 || sent, || {
            format!("{text:?} is on the phone and {status}")
        }));
        wrongs
            .extend(wrong(copies > 0 || asks, || format!("{text:?} is on no phone and {status}")));
        let rows = facts.messages(send.tenant).iter().filter(|r| r["Text__c"] == **text).count();
        wrongs.extend(wrong(rows == 1, || format!("{text:?} has {rows} rows")));
    }
    let ours = |body: &serde_json::Value| facts.accepted.iter().any(|send| *body == *send.text);
    for message in facts.phones.iter().filter(|m| !ours(&m.content["body"])) {
        wrongs.push(format!("{} was never accepted and is on a phone", message.content["body"]));
    }
    wrongs
}

/// The org and the API show how far it came on the phone.
pub fn statuses(facts: &Facts) -> Vec<String> {
    let mut wrongs = Vec::new();
    for send in &facts.accepted {
        let copies = facts.copies(&send.text);
        let [copy] = copies.as_slice() else {
            continue;
        };
        let (truth, api) = (copy.tick.word(), standing(facts, send));
        let row = facts.messages(send.tenant).iter().find(|r| r["Text__c"] == *send.text);
        let shown = row.and_then(|row| row["Status__c"].as_str()).unwrap_or("nothing");
        wrongs.extend(wrong(api == truth && shown == truth, || {
            format!("{:?} is {truth} on the phone, {api} here, {shown} in Salesforce", send.text)
        }));
    }
    wrongs
}
