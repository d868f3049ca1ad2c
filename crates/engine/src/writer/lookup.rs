//! Queries for records that may exist already, and whose rows they are.

use std::collections::BTreeMap;

use model::ids::{PersonId, RecordId};
use rules::phone::{self, Country, Reading};
use rules::records::Candidates;
use salesforce::{Names, Row, soql};
use store::{Person, RecordLink};

/// The phone fields a person may stand in.
const CONTACT_PHONES: [&str; 4] = ["MobilePhone", "Phone", "HomePhone", "OtherPhone"];
const LEAD_PHONES: [&str; 2] = ["MobilePhone", "Phone"];

fn digits(person: &Person) -> Option<String> {
    let profile = &person.profile;
    profile.wa_id.as_deref().or(profile.phone_e164.as_deref()).and_then(phone::digits)
}

/// Contacts with one of these people's numbers, oldest first. `None` when
/// nobody has a number.
pub fn contacts(people: &[(RecordLink, Person)], home: Option<Country>) -> Option<String> {
    let by_phone = phones(people, &CONTACT_PHONES, home)?;
    let fields = CONTACT_PHONES.join(", ");
    Some(format!(
        "SELECT Id, AccountId, {fields} FROM Contact WHERE {by_phone} ORDER BY CreatedDate ASC"
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

/// Open cases of these contacts, newest first, and those we may have made.
pub fn cases(names: &Names, people: &[(RecordLink, Person)]) -> String {
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
        format!("(ContactId IN {} AND IsClosed = false) OR ", soql::list(&contacts))
    };
    format!(
        "SELECT Id, {key}, ContactId, IsClosed FROM Case WHERE {theirs}{ours} \
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
    let contacts = by_phone(contacts, &CONTACT_PHONES, home);
    let open: Vec<_> =
        leads.iter().filter(|row| row.flag("IsConverted") != Some(true)).cloned().collect();
    let leads_by_phone = by_phone(&open, &LEAD_PHONES, home);
    let mut homes = BTreeMap::new();
    for (link, person) in people {
        let mut found = Candidates { contacts: Vec::new(), leads: Vec::new() };
        let own = link.person.to_string();
        for row in leads.iter().filter(|r| r.text("Puente_Create_Key__c") == Some(&own)) {
            match row.record_id("ConvertedContactId") {
                Some(id) => found.contacts.push(Candidate { id, account: None }),
                None => found.leads.extend(candidate(row)),
            }
        }
        if let Some(key) = digits(person).map(|d| phone::match_key(&d)) {
            found.contacts.extend(contacts.get(&key).into_iter().flatten().cloned());
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

/// The case of a link: the one made for it (also when it was closed since),
/// else the newest open one of the contact.
pub fn case_of(link: &RecordLink, person: &Person, cases: &[Row]) -> Option<RecordId> {
    let own = model::ids::ConversationId::from_bytes(link.slot).to_string();
    let made = cases.iter().find(|r| r.text("Puente_Create_Key__c") == Some(&own));
    let open = || {
        let contact = person.contact.as_ref()?;
        cases.iter().find(|r| {
            r.flag("IsClosed") == Some(false)
                && r.record_id("ContactId").is_some_and(|id| id.same(contact))
        })
    };
    made.or_else(open)?.id()
}
