//! What agents do to records outside of the REST rows: convert and merge.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{create, delete, derive, parse, update};
use crate::error::ApiError;
use crate::ids;
use crate::org::{Row, Txn};
use crate::schema::Object;
use crate::time;

/// How a lead is converted; what is not named is made new.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConvertLead {
    pub account_id: Option<String>,
    pub contact_id: Option<String>,
    /// Name of the opportunity to make; none without it.
    pub opportunity_name: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Converted {
    pub account_id: String,
    pub contact_id: String,
    pub opportunity_id: Option<String>,
}

/// Converts a lead. Lookups of custom objects to the lead are not re-pointed.
pub fn convert_lead(
    txn: &mut Txn<'_>,
    lead_id: &str,
    how: &ConvertLead,
) -> Result<Converted, ApiError> {
    let lead_object = object(txn, "Lead")?;
    let id = update::existing(txn, &lead_object, lead_id)?;
    let lead = txn.org.table(&lead_object).get(&id).cloned().unwrap_or_default();
    if lead.get("IsConverted").is_some_and(|v| v == true) {
        return Err(ApiError::bad(
            "CANNOT_UPDATE_CONVERTED_LEAD",
            "cannot reference converted lead",
        ));
    }
    let pick = |names: &[(&str, &str)]| -> Value {
        let pairs = names
            .iter()
            .filter_map(|(to, from)| Some(((*to).to_owned(), lead.get(*from)?.clone())));
        Value::Object(pairs.collect())
    };
    let account_id = match &how.account_id {
        Some(id) => known(id)?,
        None => make(
            txn,
            "Account",
            pick(&[("Name", "Company"), ("Phone", "Phone"), ("Website", "Website")]),
        )?,
    };
    let contact_id = match &how.contact_id {
        Some(id) => known(id)?,
        None => {
            let same = [
                "FirstName",
                "LastName",
                "Salutation",
                "Phone",
                "MobilePhone",
                "Email",
                "Title",
                "LeadSource",
            ];
            let mut body = pick(&same.map(|name| (name, name)));
            body["AccountId"] = json!(account_id);
            make(txn, "Contact", body)?
        }
    };
    let opportunity_id = match &how.opportunity_name {
        None => None,
        Some(name) => {
            let close = time::date(txn.actor.at_ms.div_euclid(86_400_000) + 90);
            let body = json!({ "Name": name, "StageName": "Prospecting", "CloseDate": close, "AccountId": account_id });
            Some(make(txn, "Opportunity", body)?)
        }
    };
    let mut row = lead;
    let today = time::date(txn.actor.at_ms.div_euclid(86_400_000));
    for (name, value) in [
        ("IsConverted", json!(true)),
        ("Status", json!("Closed - Converted")),
        ("ConvertedDate", json!(today)),
        ("ConvertedAccountId", json!(account_id)),
        ("ConvertedContactId", json!(contact_id)),
        ("SystemModstamp", json!(time::datetime(txn.actor.at_ms))),
    ] {
        derive::set(&lead_object, &mut row, name, value);
    }
    if let Some(id) = &opportunity_id {
        derive::set(&lead_object, &mut row, "ConvertedOpportunityId", json!(id));
    }
    txn.put(&lead_object, &id, row);
    Ok(Converted { account_id, contact_id, opportunity_id })
}

/// Merges `loser` into `winner`: every lookup to the loser moves, and the
/// loser is deleted with `MasterRecordId` set.
pub fn merge(txn: &mut Txn<'_>, winner: &str, loser: &str) -> Result<(), ApiError> {
    let (winner, loser) = (known(winner)?, known(loser)?);
    let object = txn.org.schema.of_id(&winner).cloned().ok_or_else(ApiError::not_found)?;
    let mergeable = matches!(&*object.name, "Lead" | "Contact" | "Account" | "Case");
    if !mergeable || winner[..3] != loser[..3] || winner == loser {
        return Err(ApiError::bad(
            "INVALID_OPERATION",
            "two different Leads, Contacts, Accounts or Cases are merged",
        ));
    }
    update::existing(txn, &object, &winner)?;
    update::existing(txn, &object, &loser)?;
    for (child, field) in txn.org.schema.clone().lookups_to(&object) {
        for id in txn.org.table(&child).find(&field, &loser).unwrap_or_default() {
            let mut row: Row = txn.org.table(&child).get(&id).cloned().unwrap_or_default();
            row.insert(field.name.clone(), json!(winner));
            derive::set(&child, &mut row, "SystemModstamp", json!(time::datetime(txn.actor.at_ms)));
            txn.put(&child, &id, row);
        }
    }
    delete::bin(txn, &object, &loser, Some(&winner))
}

fn object(txn: &Txn<'_>, name: &str) -> Result<Arc<Object>, ApiError> {
    txn.org.schema.object(name).cloned().ok_or_else(ApiError::not_found)
}

fn known(id: &str) -> Result<String, ApiError> {
    ids::full(id).ok_or_else(|| ApiError::bad("MALFORMED_ID", format!("malformed id {id}")))
}

fn make(txn: &mut Txn<'_>, name: &str, body: Value) -> Result<String, ApiError> {
    let object = object(txn, name)?;
    let body: Map<String, Value> = body.as_object().cloned().unwrap_or_default();
    let values = parse(txn.org, &object, &body)?;
    create::create(txn, &object, &values)
}
