//! Our nouns into Salesforce records. Pure; lengths are those of the package.

mod conversation;
mod message;
mod person;
mod standard;

pub use conversation::{Setting, conversation};
pub use message::{Sending, message};
pub use person::person;
pub use standard::{account, case, contact, lead, mapped, placed, reopened, update};

/// External id of our own objects.
pub const KEY: &str = "Key__c";
/// External id on standard objects, set only on rows that puente creates.
pub const CREATE_KEY: &str = "Puente_Create_Key__c";
