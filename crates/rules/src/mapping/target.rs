//! Objects whose fields a mapping may fill.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Lead,
    Contact,
    Case,
    Person,
    Conversation,
    Message,
}

/// Fields of standard objects that belong to puente itself, to Salesforce, or to agents.
const OURS: [&str; 3] = ["Id", "Puente_Create_Key__c", "ContactId"];
/// Set once at most: later they are for agents and for the org's own rules.
const ONCE: [&str; 4] = ["Status", "OwnerId", "IsClosed", "RecordTypeId"];
/// Our own objects' fields of the package; whoever adds one there adds it here.
const PACKAGE: &str = "Accepted_At__c Account__c Bsuid__c Case__c Closed_At__c Contact__c \
    Contact_Count__c Contact_Name__c Contact_Phone__c Content_Document_Id__c Conversation__c \
    Country__c Delivered_At__c Direction__c Display_Name__c Error_Code__c Error_Text__c \
    Failed_At__c File_Name__c First_Inbound_At__c First_Response_At__c First_Seen_At__c Key__c \
    Last_Inbound_At__c Last_Message_At__c Last_Seen_At__c Late__c Latitude__c Lead__c \
    Location_Address__c Location_Name__c Longitude__c Mapping_Version__c Media_Id__c \
    Media_Status__c Mime_Type__c Name Number_Display__c Number_Id__c Opened_At__c Opportunity__c \
    OwnerId Payload__c Person__c Phone_E164__c Phone_Hash__c Preview__c Pricing_Category__c \
    Pricing_Type__c Read_At__c Received_At__c Referral_Click_Id__c Referral_Source_Id__c \
    Reply_Id__c Reply_To__c Sent_At__c Status__c Template__c Text__c Type__c Username__c \
    Version__c Wa_Id__c Wamid__c Window_Expires_At__c";

impl Target {
    pub const ALL: [Self; 6] =
        [Self::Lead, Self::Contact, Self::Case, Self::Person, Self::Conversation, Self::Message];

    /// The object's name in the package, without a namespace.
    pub const fn object(self) -> &'static str {
        match self {
            Self::Lead => "Lead",
            Self::Contact => "Contact",
            Self::Case => "Case",
            Self::Person => "Puente_Person__c",
            Self::Conversation => "Puente_Conversation__c",
            Self::Message => "Puente_Message__c",
        }
    }

    pub fn parse(object: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.object().eq_ignore_ascii_case(object))
    }

    /// Written each time, not once: our own objects.
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::Person | Self::Conversation | Self::Message)
    }

    /// puente creates records of it.
    pub const fn is_made(self) -> bool {
        !matches!(self, Self::Contact)
    }

    /// No mapping may write it, ever.
    pub fn keeps(self, field: &str) -> bool {
        let is = |name: &str| name.eq_ignore_ascii_case(field);
        if self.is_ours() {
            return is("Id") || PACKAGE.split_whitespace().any(is);
        }
        OURS.into_iter().any(is)
    }

    /// Written when the record is made and never again.
    pub fn only_once(self, field: &str) -> bool {
        !self.is_ours() && ONCE.iter().any(|name| name.eq_ignore_ascii_case(field))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.object())
    }
}
