//! Contacts and Leads of an org that share a phone: read, never changed.

use std::collections::BTreeMap;

use model::{Fault, UnixMs};
use rules::duplicates::{Candidate, Group, Kind, groups};
use rules::phone::{self, Country, Reading};
use salesforce::{Client, Row, soql};

const CONTACT_PHONES: [&str; 4] = ["MobilePhone", "Phone", "HomePhone", "OtherPhone"];
const LEAD_PHONES: [&str; 2] = ["MobilePhone", "Phone"];
/// What else is read, to see how much hangs on a record.
const CONTACT_FIELDS: [&str; 4] = ["Email", "AccountId", "Title", "MailingCity"];
const LEAD_FIELDS: [&str; 4] = ["Email", "Company", "Title", "City"];
/// Rows of a page that have two long texts or more are fewer; these have none.
const PAGE: usize = 2_000;

#[derive(Debug, Default)]
pub struct Report {
    pub groups: Vec<Group>,
    /// Records with a phone that can be read.
    pub records: u64,
    /// Records whose phones are surely no number of one country.
    pub unread: u64,
    pub calls: u64,
}

/// `home`: whose numbers are written without a country code. `told` hears of
/// each page how many records were read until then.
pub async fn report(
    client: &Client,
    home: Option<Country>,
    mut told: impl FnMut(u64),
) -> Result<Report, Fault> {
    let mut report = Report::default();
    let mut found = Vec::new();
    for (kind, object, phones, fields, rest) in [
        (Kind::Contact, "Contact", &CONTACT_PHONES[..], CONTACT_FIELDS, ""),
        (Kind::Lead, "Lead", &LEAD_PHONES[..], LEAD_FIELDS, " AND IsConverted = false"),
    ] {
        let some: Vec<_> = phones.iter().map(|phone| format!("{phone} != null")).collect();
        let query = format!(
            "SELECT Id, Name, CreatedDate, {}, {} FROM {object} WHERE ({}){rest} ORDER BY Id",
            phones.join(", "),
            fields.join(", "),
            some.join(" OR ")
        );
        let mut page = client.query(&query, 1).await?;
        loop {
            report.calls += 1;
            for row in &page.rows {
                match candidate(row, kind, phones, &fields, home) {
                    Some(one) => found.push(one),
                    None => report.unread += 1,
                }
            }
            told(found.len() as u64 + report.unread);
            let Some(next) = page.next.take() else { break };
            page = client.query_more(&next).await?;
        }
    }
    report.records = found.len() as u64;
    let alone = groups(found);
    let cases = open_cases(client, &alone, &mut report.calls).await?;
    let mut all: Vec<_> = alone.into_iter().flat_map(|group| group.records).collect();
    for one in &mut all {
        one.open_cases = cases.get(&one.id).copied().unwrap_or_default();
    }
    report.groups = groups(all);
    Ok(report)
}

fn candidate(
    row: &Row,
    kind: Kind,
    phones: &[&str],
    fields: &[&str],
    home: Option<Country>,
) -> Option<Candidate> {
    let read = |field: &&str| phone::read(row.text(field)?, home).and_then(Reading::sure);
    let lines: Vec<_> = phones.iter().filter_map(read).map(|d| phone::match_key(&d)).collect();
    if lines.is_empty() {
        return None;
    }
    let filled = phones.iter().chain(fields).filter(|field| row.get(field).is_some()).count();
    Some(Candidate {
        id: row.id()?.to_string(),
        kind,
        name: row.text("Name").unwrap_or_default().to_owned(),
        lines,
        made_at: row.time("CreatedDate").unwrap_or(UnixMs(0)),
        open_cases: 0,
        filled: filled as u32,
    })
}

/// Of the Contacts in these groups.
async fn open_cases(
    client: &Client,
    groups: &[Group],
    calls: &mut u64,
) -> Result<BTreeMap<String, u32>, Fault> {
    let contacts: Vec<_> = groups
        .iter()
        .flat_map(|group| &group.records)
        .filter(|one| one.kind == Kind::Contact)
        .map(|one| one.id.as_str())
        .collect();
    let mut cases = BTreeMap::new();
    for list in soql::lists(&contacts, soql::LIST_BYTES_MAX) {
        let query =
            format!("SELECT ContactId FROM Case WHERE IsClosed = false AND ContactId IN {list}");
        let mut page = client.query(&query, PAGE).await?;
        loop {
            *calls += 1;
            for contact in page.rows.iter().filter_map(|row| row.record_id("ContactId")) {
                *cases.entry(contact.to_string()).or_default() += 1;
            }
            let Some(next) = page.next.take() else { break };
            page = client.query_more(&next).await?;
        }
    }
    Ok(cases)
}
