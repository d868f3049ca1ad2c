//! Standard records that puente creates: what the mapping says, and the create
//! key.

use rules::mapping::{Fields, Target};
use salesforce::{Names, Record};
use store::{Conversation, Person};

use super::CREATE_KEY;

pub fn lead(names: &Names, person: &Person, fields: &Fields) -> Record {
    let record = Record::new(names, "Lead").set(CREATE_KEY, person.id.to_string());
    mapped(record, fields)
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

/// A record that is there, in the fields that the mapping owns and no other.
pub fn update(names: &Names, target: Target, fields: &Fields) -> Record {
    mapped(Record::new(names, target.object()), fields)
}

/// Fields that a mapping fills, under the names that the org tells.
pub fn mapped(record: Record, fields: &Fields) -> Record {
    fields.iter().fold(record, |record, (field, value)| record.set_as_told(field, value.clone()))
}
