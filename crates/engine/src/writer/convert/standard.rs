//! Standard records that puente creates: what the mapping says, and the create
//! key.

use model::ids::RecordId;
use rules::mapping::{Fields, Target};
use rules::names::lead_name;
use rules::text::fit;
use salesforce::{Names, Record};
use store::{Conversation, Person};

use super::CREATE_KEY;

pub fn lead(names: &Names, person: &Person, fields: &Fields) -> Record {
    let record = Record::new(names, "Lead").set(CREATE_KEY, person.id.to_string());
    mapped(record, fields)
}

/// What a Contact needs, which the mapping may say otherwise; `account` is an id,
/// or the name of the part of the same call that makes it.
pub fn contact(names: &Names, person: &Person, account: &str, fields: &Fields) -> Record {
    let profile = &person.profile;
    let shown = profile.phone_e164.as_deref().or(profile.username.as_deref());
    let name = lead_name(profile.display_name.as_deref(), shown);
    let record = Record::new(names, "Contact")
        .set(CREATE_KEY, person.id.to_string())
        .set("AccountId", account)
        .set_some("FirstName", Some(name.first).filter(|first| !first.is_empty()))
        .set("LastName", name.last)
        .set_some("MobilePhone", profile.phone_e164.as_deref());
    mapped(record, fields)
}

/// An Account of the person's own.
pub fn account(names: &Names, person: &Person) -> Record {
    let profile = &person.profile;
    let shown = profile.phone_e164.as_deref().or(profile.username.as_deref());
    let name = lead_name(profile.display_name.as_deref(), shown);
    let whole = format!("{} {}", name.first, name.last);
    Record::new(names, "Account").set("Name", fit(whole.trim(), 255))
}

/// The owner and record type that the rules say, by ids of the org.
pub fn placed(record: Record, owner: Option<&str>, record_type: Option<&str>) -> Record {
    record.set_some("OwnerId", owner).set_some("RecordTypeId", record_type)
}

/// `None` when the person has no Contact: a Case of nobody helps nobody.
pub fn case(
    names: &Names,
    person: &Person,
    conversation: &Conversation,
    fields: &Fields,
) -> Option<Record> {
    let contact = person.contact.as_ref()?;
    let record = Record::new(names, "Case")
        .set(CREATE_KEY, conversation.id.to_string())
        .set("ContactId", contact.as_str());
    Some(mapped(record, fields))
}

/// A closed case that a message opens again.
pub fn reopened(names: &Names, case: &RecordId, status: &str) -> Record {
    Record::new(names, "Case").with_id(case).set("Status", status)
}

/// A record that is there, in the fields that the mapping owns and no other.
pub fn update(names: &Names, target: Target, fields: &Fields) -> Record {
    mapped(Record::new(names, target.object()), fields)
}

/// Fields that a mapping fills, under the names that the org tells.
pub fn mapped(record: Record, fields: &Fields) -> Record {
    fields.iter().fold(record, |record, (field, value)| record.set_as_told(field, value.clone()))
}
