//! State into records, whichever way they go: by a call, or in a Bulk job.

use model::ids::PersonId;
use salesforce::Record;
use store::{Conversation, Message, Outbox, Person, RecordKind};

pub use super::convert::KEY;

use super::claim::Writer;
use super::convert::{self, Sending, Setting};

/// `made`: a Lead that is created in the same call.
pub fn person(writer: &Writer, person: &Person, version: i64, made: Option<PersonId>) -> Record {
    let hash = phone_hash(writer, person);
    let made = made.map(|id| (RecordKind::Lead, id.to_string()));
    convert::person(writer.client.names(), person, hash, version, made)
}

/// `linked`: Salesforce has the person, or gets it in the same call.
/// `case_made`: the Case is created in the same call.
pub fn conversation(
    writer: &Writer,
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
    };
    convert::conversation(writer.client.names(), conversation, version, &setting)
}

pub fn message(
    writer: &Writer,
    message: &Message,
    outbox: Option<&Outbox>,
    version: i64,
) -> Record {
    let sending = outbox.map(|o| Sending {
        state: o.state,
        code: o.code.as_deref(),
        detail: o.detail.as_deref(),
    });
    let conversation = message.conversation.to_string();
    convert::message(writer.client.names(), message, &conversation, version, sending.as_ref())
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
