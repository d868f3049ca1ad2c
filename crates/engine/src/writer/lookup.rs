//! Queries for records that may exist already, and whose rows they are.

use std::collections::BTreeMap;

use model::UnixMs;
use model::ids::{PersonId, RecordId};
use rules::phone::{self, Country, Reading};
use rules::records::Candidates;
use salesforce::{Names, Row, soql};
use store::{Person, RecordLink};

use crate::routing::TheirCase;

/// The phone fields a person may stand in.
const CONTACT_PHONES: [&str; 4] = ["MobilePhone", "Phone", "HomePhone", "OtherPhone"];
const LEAD_PHONES: [&str; 2] = ["MobilePhone", "Phone"];

fn digits(person: &Person) -> Option<String> {
    let profile = &person.profile;
    profile.wa_id.as_deref().or(profile.phone_e164.as_deref()).and_then(phone::digits)
}

/// Contacts with one of these people's numbers, oldest first, and where the
/// rules make Contacts those that we may have made. `None` when nobody has a
/// number and we make none.
pub fn contacts(
    names: &Names,
    people: &[(RecordLink, Person)],
    home: Option<Country>,
    makes: bool,
) -> Option<String> {
    let by_phone = phones(people, &CONTACT_PHONES, home);
    let key = names.field("Puente_Create_Key__c");
    let keys: Vec<_> = people.iter().map(|(link, _)| link.person.to_string()).collect();
    let ours = makes.then(|| format!("{key} IN {}", soql::list(&keys)));
    let wanted: Vec<_> = by_phone.into_iter().chain(ours).collect();
    if wanted.is_empty() {
        return None;
    }
    let own = if makes { format!(", {key}") } else { String::new() };
    let (fields, wanted) = (CONTACT_PHONES.join(", "), wanted.join(" OR "));
    Some(format!(
        "SELECT Id, AccountId{own}, {fields} FROM Contact WHERE {wanted} ORDER BY CreatedDate ASC"
    ))
}

/// Leads of their numbers that are not converted, and those we may have made
/// ourselves, whatever became of them.
pub fn leads(names: &Names, people: &[(RecordLink, Person)], home: Option<Country>) -> String {
    let keys: Vec<_> = people.iter().map(|(link, _)| link.person.to_string()).collect();
    let key = names.field("Puente_Create_Key__c");
    let ours = format!("{key} IN {}", soql::list(&keys));
    let theirs = phones(people, &LEAD_PHONES, home)
        .map(|phones| format!("(({phones}) AND IsConverted = false) OR "))
        .unwrap_or_default();
    let fields = LEAD_PHONES.join(", ");
    format!(
        "SELECT Id, {key}, IsConverted, ConvertedContactId, {fields} FROM Lead \
         WHERE {theirs}{ours} ORDER BY CreatedDate ASC"
    )
}

/// Open cases of these contacts, newest first, closed ones where a rule looks at
/// them, and those we may have made.
pub fn cases(names: &Names, people: &[(RecordLink, Person)], closed: bool) -> String {
    let contacts: Vec<_> =
        people.iter().filter_map(|(_, p)| p.contact.as_ref()).map(RecordId::as_str).collect();
    let keys: Vec<_> = people
        .iter()
        .map(|(link, _)| model::ids::ConversationId::from_bytes(link.slot).to_string())
        .collect();
    let key = names.field("Puente_Create_Key__c");
    let ours = format!("{key} IN {}", soql::list(&keys));
    let theirs = if contacts.is_empty() {
        String::new()
    } else {
        let open = if closed { "" } else { " AND IsClosed = false" };
        format!("(ContactId IN {}{open}) OR ", soql::list(&contacts))
    };
    format!(
        "SELECT Id, {key}, ContactId, IsClosed, Status, CreatedDate, ClosedDate FROM Case \
         WHERE {theirs}{ours} \
         ORDER BY CreatedDate DESC"
    )
}

/// How many of these people, from the first, one query of Contacts can ask
/// for; always somebody. The rest stay due and are of the next wave.
pub fn fitting(people: &[(RecordLink, Person)], home: Option<Country>) -> usize {
    let mut bytes = 0;
    let fit = people.iter().take_while(|(_, person)| {
        let forms = digits(person).map(|d| phone::written_forms(&d, home)).unwrap_or_default();
        let once: usize = forms.iter().map(|form| soql::value_bytes(form)).sum();
        bytes += once * CONTACT_PHONES.len();
        bytes <= soql::LIST_BYTES_MAX
    });
    fit.count().max(1)
}

fn phones(
    people: &[(RecordLink, Person)],
    fields: &[&str],
    home: Option<Country>,
) -> Option<String> {
    let forms: Vec<_> = people
        .iter()
        .filter_map(|(_, p)| digits(p))
        .flat_map(|d| phone::written_forms(&d, home))
        .collect();
    if forms.is_empty() {
        return None;
    }
    let list = soql::list(&forms);
    let each: Vec<_> = fields.iter().map(|field| format!("{field} IN {list}")).collect();
    Some(each.join(" OR "))
}

/// A Contact with its Account, or a Lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub id: RecordId,
    pub account: Option<RecordId>,
}

/// Sorts the answers by person. A lead of ours that was converted counts as
/// its contact.
pub fn homes(
    people: &[(RecordLink, Person)],
    contacts: &[Row],
    leads: &[Row],
    home: Option<Country>,
) -> BTreeMap<PersonId, Candidates<Candidate>> {
    let all = contacts;
    let contacts = by_phone(contacts, &CONTACT_PHONES, home);
    let open: Vec<_> =
        leads.iter().filter(|row| row.flag("IsConverted") != Some(true)).cloned().collect();
    let leads_by_phone = by_phone(&open, &LEAD_PHONES, home);
    let mut homes = BTreeMap::new();
    for (link, person) in people {
        let mut found = Candidates { contacts: Vec::new(), leads: Vec::new() };
        let own = link.person.to_string();
        let made = |row: &&Row| row.text("Puente_Create_Key__c") == Some(&own);
        found.contacts.extend(all.iter().filter(made).filter_map(candidate));
        for row in leads.iter().filter(made) {
            match row.record_id("ConvertedContactId") {
                Some(id) => found.contacts.push(Candidate { id, account: None }),
                None => found.leads.extend(candidate(row)),
            }
        }
        if let Some(key) = digits(person).map(|d| phone::match_key(&d)) {
            let by_number = contacts.get(&key).into_iter().flatten();
            let others: Vec<_> = by_number.filter(|c| !found.contacts.contains(c)).collect();
            found.contacts.extend(others.into_iter().cloned());
            found.leads.extend(leads_by_phone.get(&key).into_iter().flatten().cloned());
        }
        homes.insert(link.person, found);
    }
    homes
}

fn by_phone(
    rows: &[Row],
    fields: &[&str],
    home: Option<Country>,
) -> BTreeMap<String, Vec<Candidate>> {
    let mut found: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for row in rows {
        for written in fields.iter().filter_map(|field| row.text(field)) {
            let line = phone::read(written, home).and_then(Reading::sure);
            if let (Some(line), Some(candidate)) = (line, candidate(row)) {
                let list = found.entry(phone::match_key(&line)).or_default();
                if !list.contains(&candidate) {
                    list.push(candidate);
                }
            }
        }
    }
    found
}

fn candidate(row: &Row) -> Option<Candidate> {
    Some(Candidate { id: row.id()?, account: row.record_id("AccountId") })
}

/// The case that was made for the link, also when it was closed since.
pub fn own_case(link: &RecordLink, cases: &[Row]) -> Option<RecordId> {
    let own = model::ids::ConversationId::from_bytes(link.slot).to_string();
    cases.iter().find(|row| row.text("Puente_Create_Key__c") == Some(&own))?.id()
}

/// All that the look-up found of the person's Contact.
pub fn their_cases(person: &Person, cases: &[Row]) -> Vec<TheirCase> {
    let Some(contact) = &person.contact else { return Vec::new() };
    let theirs = |row: &&Row| row.record_id("ContactId").is_some_and(|id| id.same(contact));
    let read = |row: &Row| {
        let opened_at = row.time("CreatedDate").unwrap_or(UnixMs(0));
        let closed = row.flag("IsClosed") == Some(true);
        // a closed one without its date counts as closed when it was opened
        let closed_at = closed.then(|| row.time("ClosedDate").unwrap_or(opened_at));
        let status = row.text("Status").unwrap_or_default().to_owned();
        Some(TheirCase { id: row.id()?, opened_at, closed_at, status })
    };
    cases.iter().filter(theirs).filter_map(read).collect()
}
