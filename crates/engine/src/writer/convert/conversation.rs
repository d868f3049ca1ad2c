//! `Puente_Conversation__c`.

use rules::window::closes_at;
use salesforce::{Names, Record};
use store::Conversation;

use super::{CREATE_KEY, KEY};

pub struct Setting<'a> {
    /// `None`: Salesforce does not have the person, so this one is written unlinked.
    pub person_key: Option<&'a str>,
    pub number_display: &'a str,
    /// The Case is created in the same call.
    pub case_made: bool,
    /// Version of the mapping that writes the row.
    pub mapping: i64,
}

pub fn conversation(
    names: &Names,
    row: &Conversation,
    version: i64,
    setting: &Setting<'_>,
) -> Record {
    let key = row.id.to_string();
    let mut record = Record::new(names, "Puente_Conversation__c")
        .set(KEY, key.clone())
        .set("Version__c", version)
        .set("Mapping_Version__c", setting.mapping)
        .set("Status__c", if row.closed_at.is_some() { "Closed" } else { "Open" })
        .set("Number_Id__c", row.number.as_str())
        .set("Number_Display__c", rules::text::fit(setting.number_display, 32))
        .set_time("Opened_At__c", row.opened_at);
    for (field, at) in [
        ("Closed_At__c", row.closed_at),
        ("First_Inbound_At__c", row.first_inbound_at),
        ("First_Response_At__c", row.first_response_at),
        ("Last_Message_At__c", row.last_message_at),
        ("Last_Inbound_At__c", row.last_inbound_at),
        ("Window_Expires_At__c", closes_at(row.last_inbound_at)),
    ] {
        if let Some(at) = at {
            record = record.set_time(field, at);
        }
    }
    if let Some(person) = setting.person_key {
        record = record.link("Person__r", KEY, person);
    }
    if let Some(opportunity) = &row.opportunity {
        record = record.set("Opportunity__c", opportunity.as_str());
    }
    match (&row.case, setting.case_made) {
        (Some(case), _) => record.set("Case__c", case.as_str()),
        (None, true) => record.link("Case__r", CREATE_KEY, &key),
        (None, false) => record,
    }
}
