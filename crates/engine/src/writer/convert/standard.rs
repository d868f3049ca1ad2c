//! Standard records that puente creates: only required fields, what it knows,
//! and the create key.

use rules::names::lead_name;
use rules::text::fit;
use salesforce::{Names, Record};
use store::{Conversation, Person};

use super::CREATE_KEY;
use crate::writer::Defaults;

pub fn lead(names: &Names, person: &Person, defaults: &Defaults) -> Record {
    let profile = &person.profile;
    let fallback = profile.phone_e164.as_deref().or(profile.username.as_deref());
    let name = lead_name(profile.display_name.as_deref(), fallback);
    let record = Record::new(names, "Lead")
        .set(CREATE_KEY, person.id.to_string())
        .set("LastName", name.last)
        .set("Company", fit(&defaults.lead_company, 255))
        .set_some("LeadSource", defaults.lead_source.clone())
        .set_some("MobilePhone", profile.phone_e164.as_deref().map(|p| fit(p, 40)));
    if name.first.is_empty() { record } else { record.set("FirstName", name.first) }
}

/// `None` when the person has no Contact: a Case of nobody helps nobody.
pub fn case(
    names: &Names,
    person: &Person,
    conversation: &Conversation,
    defaults: &Defaults,
) -> Option<Record> {
    let contact = person.contact.as_ref()?;
    let profile = &person.profile;
    let who = profile.display_name.as_deref().or(profile.phone_e164.as_deref());
    let subject = format!("WhatsApp: {}", who.unwrap_or("customer"));
    Some(
        Record::new(names, "Case")
            .set(CREATE_KEY, conversation.id.to_string())
            .set("ContactId", contact.as_str())
            .set("Subject", fit(&subject, 255))
            .set_some("Origin", defaults.case_origin.clone())
            .set_some("SuppliedPhone", profile.phone_e164.as_deref().map(|p| fit(p, 40))),
    )
}
