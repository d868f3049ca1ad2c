//! Newcomers whom the rules make Contacts: each by a call of its own, so that an
//! Account never stays behind without its Contact.

use salesforce::{DuplicateRule, Subrequest};

use super::call::{Contacts, placed};
use super::claim::Writer;
use super::convert;
use super::plan::Wave;
use crate::routing::{Make, Plan, Targets};

/// What the parts of such a call are called.
pub const ACCOUNT: &str = "account";
pub const CONTACT: &str = "contact";
/// The id that the first part makes.
const ITS_ACCOUNT: &str = "@{account.id}";

pub async fn make(writer: &Writer, wave: &Wave, targets: &Targets) -> Contacts {
    let names = writer.client.names();
    let mut made = Vec::new();
    for (link, person) in &wave.make_contacts {
        let plan = Plan::kept(link.plan.as_deref()).map(|plan| plan.make);
        let shared = match plan {
            Some(Make::Contact { account, .. }) => account,
            _ => None,
        };
        let fields = wave.filled.contact(person.id);
        let account = shared.as_deref().unwrap_or(ITS_ACCOUNT);
        let contact = convert::contact(names, person, account, fields);
        let contact = placed(contact, link, "Contact", targets);
        let mut parts = Vec::new();
        if shared.is_none() {
            let account = convert::account(names, person);
            parts.push(Subrequest::create(ACCOUNT, &account, DuplicateRule::Obey));
        }
        parts.push(Subrequest::create(CONTACT, &contact, DuplicateRule::Obey));
        made.push(match parts.into_iter().collect::<Result<Vec<_>, _>>() {
            Ok(parts) => writer.client.composite_whole(&parts).await,
            Err(fault) => Err(fault),
        });
    }
    made
}
