//! `Puente_Person__c`.

use rules::text::fit;
use salesforce::{Names, Record};
use store::{Person, RecordKind};

use super::{CREATE_KEY, KEY};

/// `made`: standard records that an earlier part of the same wave creates, by
/// their create keys.
pub fn person(
    names: &Names,
    person: &Person,
    phone_hash: Option<String>,
    version: i64,
    made: Option<(RecordKind, String)>,
) -> Record {
    let profile = &person.profile;
    let text = |value: &Option<String>, max| value.as_deref().map(|v| fit(v, max));
    let shown = profile
        .display_name
        .as_deref()
        .or(profile.phone_e164.as_deref())
        .or(profile.username.as_deref())
        .unwrap_or("WhatsApp");
    let record = Record::new(names, "Puente_Person__c")
        .set(KEY, person.id.to_string())
        .set("Version__c", version)
        .set("Name", fit(shown, 80))
        .set_some("Display_Name__c", text(&profile.display_name, 255))
        .set_some("Wa_Id__c", text(&profile.wa_id, 32))
        .set_some("Phone_E164__c", text(&profile.phone_e164, 20))
        .set_some("Bsuid__c", text(&profile.bsuid, 140))
        .set_some("Username__c", text(&profile.username, 80))
        .set_some("Country__c", text(&profile.country, 2))
        .set_some("Phone_Hash__c", phone_hash)
        .set_time("First_Seen_At__c", person.created_at)
        .set_time("Last_Seen_At__c", person.seen_at)
        .set_some("Contact__c", person.contact.as_ref().map(|id| id.as_str().to_owned()))
        .set_some("Account__c", person.account.as_ref().map(|id| id.as_str().to_owned()));
    match (&person.lead, made) {
        (Some(lead), _) => record.set("Lead__c", lead.as_str()),
        (None, Some((RecordKind::Lead, key))) => record.link("Lead__r", CREATE_KEY, &key),
        _ => record,
    }
}
