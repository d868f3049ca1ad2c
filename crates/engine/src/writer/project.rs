//! State into records, whichever way they go: by a call, or in a Bulk job.

use model::ids::PersonId;
use rules::mapping::Fields;
use salesforce::Record;
use store::{Conversation, Message, Outbox, Person, RecordKind};

pub use super::convert::KEY;

use super::claim::Writer;
use super::convert::{self, Sending, Setting};
use crate::mapping::Filled;

/// `made`: a Lead that is created in the same call.
pub fn person(
    writer: &Writer,
    filled: &Filled,
    person: &Person,
    version: i64,
    made: Option<PersonId>,
) -> Record {
    let hash = phone_hash(writer, person);
    let made = made.map(|id| (RecordKind::Lead, id.to_string()));
    let record = convert::person(writer.client.names(), person, hash, version, made);
    with(record, filled.persons.get(&person.id))
}

fn with(record: Record, fields: Option<&Fields>) -> Record {
    match fields {
        Some(fields) => convert::mapped(record, fields),
        None => record,
    }
}

/// `linked`: Salesforce has the person, or gets it in the same call.
/// `case_made`: the Case is created in the same call.
pub fn conversation(
    writer: &Writer,
    filled: &Filled,
    conversation: &Conversation,
    version: i64,
    linked: bool,
    case_made: bool,
) -> Record {
    let person = conversation.person.to_string();
    let number = writer.directory.number(&conversation.number);
    let setting = Setting {
        person_key: linked.then_some(person.as_str()),
        number_display: number.map_or("", |n| n.display.as_str()),
        case_made,
        mapping: filled.active.version,
    };
    let record = convert::conversation(writer.client.names(), conversation, version, &setting);
    with(record, filled.conversations.get(&conversation.id))
}

pub fn message(
    writer: &Writer,
    filled: &Filled,
    message: &Message,
    outbox: Option<&Outbox>,
    version: i64,
) -> Record {
    let sending = outbox.map(|o| Sending {
        state: o.state,
        code: o.code.as_deref(),
        detail: o.detail.as_deref(),
    });
    let (names, conversation) = (writer.client.names(), message.conversation.to_string());
    let mapping = filled.active.version;
    let record =
        convert::message(names, message, &conversation, version, mapping, sending.as_ref());
    with(record, filled.messages.get(&message.id))
}

/// Keyed, so that equal numbers can be seen and numbers cannot be read.
fn phone_hash(writer: &Writer, person: &Person) -> Option<String> {
    let profile = &person.profile;
    let written = profile.wa_id.as_deref().or(profile.phone_e164.as_deref())?;
    let text = rules::identity::phone_text(&rules::phone::digits(written)?);
    let hash = writer.store.hmac(&writer.tenant, text.as_bytes());
    let hex: String = hash.iter().map(|b| format!("{b:02x}")).collect();
    Some(format!("k1:{hex}"))
}
