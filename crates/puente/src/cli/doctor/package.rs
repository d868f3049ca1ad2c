//! May the integration user write all that the writer writes? A field without
//! permission is absent from the describe: the most frequent surprise.

use salesforce::Client;
use salesforce::client::{Describe, Field};

use super::said::Said;
use super::scene::Org;

/// What is done with an object's fields.
pub struct Need {
    pub object: &'static str,
    /// Upserted, again and again.
    pub kept: &'static [&'static str],
    /// Written once, when the row is made.
    pub made: &'static [&'static str],
    /// Only asked for.
    pub read: &'static [&'static str],
}

pub const CREATE_KEY: &str = "Puente_Create_Key__c";
const KEYS: [&str; 2] = ["Key__c", CREATE_KEY];

#[rustfmt::skip]
pub const NEEDS: [Need; 8] = [
    Need {
        object: "Puente_Settings__c",
        kept: &[
            "Key__c", "Version__c", "Installation__c", "Generation__c", "High_Water__c",
            "Session__c", "Updated_At__c",
        ],
        made: &[],
        read: &[],
    },
    Need {
        object: "Puente_Person__c",
        kept: &[
            "Key__c", "Version__c", "Name", "Display_Name__c", "Wa_Id__c", "Phone_E164__c",
            "Bsuid__c", "Username__c", "Country__c", "Phone_Hash__c", "First_Seen_At__c",
            "Last_Seen_At__c", "Contact__c", "Account__c", "Lead__c",
        ],
        made: &[],
        read: &[],
    },
    Need {
        object: "Puente_Conversation__c",
        kept: &[
            "Key__c", "Version__c", "Mapping_Version__c", "Status__c", "Number_Id__c",
            "Number_Display__c",
            "Opened_At__c", "Closed_At__c", "First_Inbound_At__c", "First_Response_At__c",
            "Last_Message_At__c", "Last_Inbound_At__c", "Window_Expires_At__c", "Person__c",
            "Case__c", "Opportunity__c",
        ],
        made: &[],
        read: &[],
    },
    Need {
        object: "Puente_Message__c",
        kept: &[
            "Key__c", "Version__c", "Mapping_Version__c", "Direction__c", "Type__c",
            "Status__c", "Late__c",
            "Sent_At__c", "Received_At__c", "Accepted_At__c", "Delivered_At__c", "Read_At__c",
            "Failed_At__c", "Text__c", "Preview__c", "Wamid__c", "Reply_To__c", "Reply_Id__c",
            "Media_Id__c", "Mime_Type__c", "File_Name__c", "Media_Status__c",
            "Content_Document_Id__c", "Latitude__c", "Longitude__c", "Location_Name__c",
            "Location_Address__c", "Contact_Name__c", "Contact_Phone__c", "Contact_Count__c",
            "Template__c", "Referral_Source_Id__c", "Referral_Click_Id__c", "Payload__c",
            "Pricing_Category__c", "Pricing_Type__c", "Error_Code__c", "Error_Text__c",
        ],
        made: &["Conversation__c"],
        read: &[],
    },
    Need {
        object: "ContentVersion",
        kept: &["Puente_Media_Key__c", "Title"],
        made: &["PathOnClient", "VersionData", "FirstPublishLocationId"],
        read: &["ContentDocumentId", "FileExtension", "ContentSize", "IsLatest"],
    },
    Need {
        object: "Lead",
        kept: &[],
        made: &[CREATE_KEY, "LastName", "FirstName", "Company", "LeadSource", "MobilePhone"],
        read: &["Phone", "IsConverted", "ConvertedContactId"],
    },
    Need {
        object: "Case",
        kept: &[],
        made: &[CREATE_KEY, "ContactId", "Subject", "Origin", "SuppliedPhone"],
        read: &["IsClosed"],
    },
    Need {
        object: "Contact",
        kept: &[],
        made: &[],
        read: &["AccountId", "MobilePhone", "Phone", "HomePhone", "OtherPhone"],
    },
];

pub async fn check(org: &Org<'_>) -> Said {
    let client = match &org.client {
        Ok(client) => client,
        Err(why) => return Said::skip(why),
    };
    let (mut absent, mut short, mut fields) = (Vec::new(), Vec::new(), 0);
    for need in &NEEDS {
        match client.describe(&client.names().object(need.object)).await {
            Ok(found) => {
                fields += need.kept.len() + need.made.len() + need.read.len();
                lacks(client, need, &found, &mut short);
            }
            Err(fault) if fault.code.as_str() == "sf.NOT_FOUND" => absent.push(need.object),
            Err(fault) => return Said::of(&fault),
        }
    }
    let mut remarks = Vec::new();
    if !absent.is_empty() {
        remarks.push(Said::fail(
            format!("missing or hidden: {}", absent.join(", ")),
            format!("sf project deploy start --source-dir salesforce-package/force-app; if it is deployed: {ASSIGN}"),
        ));
    }
    if !short.is_empty() {
        remarks.push(Said::fail(
            short.join(", "),
            format!("{ASSIGN}; if it is assigned, deploy the package of this version"),
        ));
    }
    Said::sum(format!("{} objects, {fields} fields, all writable", NEEDS.len()), remarks)
}

const ASSIGN: &str =
    "Setup > Permission Sets > Puente Integration > Manage Assignments: add the integration user";

/// Names each field that is absent, not writable, or a key without being one.
fn lacks(client: &Client, need: &Need, found: &Describe, short: &mut Vec<String>) {
    let names = client.names();
    let writes = !need.kept.is_empty() || !need.made.is_empty();
    if !found.queryable
        || (writes && !found.createable)
        || (!need.kept.is_empty() && !found.updateable)
    {
        short.push(format!("{} may not be read, created or edited", need.object));
    }
    let mut look = |field: &&str, may: fn(&Field) -> bool, what: &str| {
        let wire = names.field_of(need.object, field);
        let told = match found.field(&wire) {
            None => "is missing or hidden",
            Some(there) if !may(there) => what,
            Some(there) if KEYS.contains(field) && !(there.external_id && there.unique) => {
                "is not a unique external id"
            }
            Some(_) => return,
        };
        short.push(format!("{}.{wire} {told}", need.object));
    };
    for field in need.kept {
        look(field, |f| f.createable && f.updateable, "may not be edited");
    }
    for field in need.made {
        look(field, |f| f.createable, "may not be set");
    }
    for field in need.read {
        look(field, |_| true, "");
    }
}
