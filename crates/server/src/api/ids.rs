//! Ids as callers write them, read back with an error that names the field.

use model::ids::{
    CampaignId, ConversationId, KeyId, MessageId, OutboxId, PersonId, RecordId, ReportId,
};

use crate::problem::Problem;

macro_rules! readers {
    ($($name:ident -> $id:ident),* $(,)?) => {$(
        pub fn $name(field: &'static str, text: &str) -> Result<$id, Problem> {
            $id::parse(text).ok_or_else(|| {
                let shape = format!("It must be `{}` and 32 hexadecimal digits.", $id::PREFIX);
                Problem::field(field, shape, "Send the id as an earlier answer gave it.")
            })
        }
    )*};
}

readers! {
    campaign -> CampaignId,
    conversation -> ConversationId,
    key -> KeyId,
    message -> MessageId,
    outbox -> OutboxId,
    person -> PersonId,
    report -> ReportId,
}

/// A Salesforce record, 15 or 18 characters.
pub fn record(field: &'static str, text: &str) -> Result<RecordId, Problem> {
    let shape = matches!(text.len(), 15 | 18) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if shape {
        return Ok(RecordId::new(text));
    }
    let cure = "Send the 15 or 18 characters of the record's id.";
    Err(Problem::field(field, "It is not a Salesforce record id.", cure))
}

/// A dead letter, as the list shows it.
pub fn letter(field: &'static str, text: &str) -> Result<store::LetterId, Problem> {
    store::LetterId::parse(text).ok_or_else(|| {
        let cure = "Send the id as `GET /api/v1/dead-letters` shows it.";
        Problem::field(field, "It is not the id of a dead letter.", cure)
    })
}
