//! Whatever a customer wrote is one row in the org of the tenant it was
//! written to, as it was written.

use super::wrong;
use crate::world::facts::Facts;
use crate::world::outside::TENANTS;

pub fn check(facts: &Facts) -> Vec<String> {
    let mut wrongs = Vec::new();
    for said in &facts.said {
        let rows: Vec<_> =
            facts.messages(said.tenant).iter().filter(|r| r["Wamid__c"] == *said.wamid).collect();
        let name = TENANTS[said.tenant].name;
        wrongs.extend(wrong(rows.len() == 1, || {
            format!("{name}: {:?} ({}) has {} rows", said.text, said.wamid, rows.len())
        }));
        for row in rows {
            wrongs.extend(wrong(row["Text__c"] == *said.text, || {
                format!("{name}: {:?} reads {} there", said.text, row["Text__c"])
            }));
            wrongs.extend(wrong(row["Status__c"] == "received", || {
                format!("{name}: {:?} has the status {}", said.text, row["Status__c"])
            }));
            let told = said.at_s.map(crate::world::stamp);
            let shown = row["Sent_At__c"].as_str().map(|text| text[..19].to_owned());
            let dated = match facts.clock_was_behind {
                true => shown <= told,
                false => shown == told,
            };
            wrongs.extend(wrong(told.is_none() || dated, || {
                format!("{name}: {:?} is from {told:?} and dated {shown:?}", said.text)
            }));
        }
    }
    for (tenant, tenancy) in TENANTS.iter().enumerate() {
        let said = facts.said.iter().filter(|said| said.tenant == tenant).count();
        let sent = facts.accepted.iter().filter(|send| send.tenant == tenant).count();
        let rows = facts.messages(tenant).len();
        wrongs.extend(wrong(rows == said + sent, || {
            format!("{}: {said} said, {sent} sent, {rows} rows", tenancy.name)
        }));
    }
    wrongs
}
