//! Fields that Salesforce itself keeps in step with others.

use serde_json::{Value, json};

use super::members;
use crate::org::{Actor, Org, Row};
use crate::schema::{Kind, Object};
use crate::time;

/// Sets what follows from the other fields of a row about to be saved.
pub fn derive(
    org: &Org,
    object: &Object,
    id: &str,
    row: &mut Row,
    before: Option<&Row>,
    actor: &Actor,
) {
    let now = json!(time::datetime(actor.at_ms));
    set(object, row, "LastModifiedDate", now.clone());
    set(object, row, "SystemModstamp", now.clone());
    set(object, row, "LastModifiedById", json!(actor.user_id));
    if before.is_none() {
        set(object, row, "CreatedDate", now.clone());
        set(object, row, "CreatedById", json!(actor.user_id));
        set(object, row, "IsDeleted", json!(false));
    }
    for field in object.fields().iter().filter(|f| f.kind == Kind::Boolean) {
        row.entry(field.name.clone()).or_insert(json!(false));
    }
    match &*object.name {
        "Lead" | "Contact" => full_name(object, row),
        "Case" => case(org, object, row, before, &now),
        "Opportunity" => opportunity(object, row, before),
        "Task" => {
            let done = text(row, "Status") == Some("Completed");
            set(object, row, "IsClosed", json!(done));
        }
        "CampaignMember" => {
            let responded = members::responds(org, row);
            set(object, row, "HasResponded", json!(responded));
            if responded && !row.contains_key("FirstRespondedDate") {
                let day = &time::datetime(actor.at_ms)[..10];
                set(object, row, "FirstRespondedDate", json!(day));
            }
        }
        _ if object.custom && !row.contains_key("Name") => set(object, row, "Name", json!(id)),
        _ => {}
    }
}

fn full_name(object: &Object, row: &mut Row) {
    let parts: Vec<_> = ["FirstName", "LastName"].iter().filter_map(|n| text(row, n)).collect();
    let name = parts.join(" ");
    set(object, row, "Name", json!(name));
}

fn case(org: &Org, object: &Object, row: &mut Row, before: Option<&Row>, now: &Value) {
    let contact =
        text(row, "ContactId").and_then(|id| org.row(id)).map(|(_, _, contact)| contact.clone());
    if let Some(contact) = contact {
        let copies = [
            ("ContactPhone", "Phone"),
            ("ContactMobile", "MobilePhone"),
            ("ContactEmail", "Email"),
        ];
        for (to, from) in copies {
            copy(object, row, to, contact.get(from));
        }
        if !row.contains_key("AccountId") {
            copy(object, row, "AccountId", contact.get("AccountId"));
        }
    }
    let closed = text(row, "Status") == Some("Closed");
    let was_closed = before.and_then(|b| b.get("IsClosed")).is_some_and(|v| v == true);
    set(object, row, "IsClosed", json!(closed));
    if closed && !was_closed {
        set(object, row, "ClosedDate", now.clone());
    } else if !closed {
        row.remove("ClosedDate");
    }
}

fn opportunity(object: &Object, row: &mut Row, before: Option<&Row>) {
    let stage = text(row, "StageName").unwrap_or_default().to_owned();
    let moved = before.is_none_or(|b| text(b, "StageName") != Some(&stage));
    let (won, closed) = (stage == "Closed Won", stage.starts_with("Closed"));
    set(object, row, "IsWon", json!(won));
    set(object, row, "IsClosed", json!(closed));
    let given = before.is_none() && row.contains_key("Probability");
    if moved && !given {
        let probability = match &*stage {
            "Closed Won" => 100.0,
            "Closed Lost" => 0.0,
            "Negotiation/Review" => 90.0,
            "Proposal/Price Quote" => 75.0,
            "Needs Analysis" => 20.0,
            _ => 10.0,
        };
        set(object, row, "Probability", json!(probability));
    }
}

pub fn text<'a>(row: &'a Row, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str)
}

/// Sets a field that the object has; any other name is left out.
pub fn set(object: &Object, row: &mut Row, name: &str, value: Value) {
    if let Some(field) = object.field(name) {
        row.insert(field.name.clone(), value);
    }
}

fn copy(object: &Object, row: &mut Row, name: &str, value: Option<&Value>) {
    if let Some(value) = value {
        set(object, row, name, value.clone());
    }
}
