//! The org's records as its pages would show them.

use serde_json::{Map, Value, json};

const RECORDS_MAX: usize = 60;

/// Newest first, at most sixty of an object.
pub fn records(org: &salesforce_sim::Handle) -> Value {
    json!({
        "leads": of(org, "Lead", |r| text(r, "Name")),
        "contacts": of(org, "Contact", |r| text(r, "Name")),
        "cases": of(org, "Case", |r| format!("{} {}", text(r, "CaseNumber"), text(r, "Subject"))),
        "conversations": of(org, "Puente_Conversation__c", |r| text(r, "Name")),
        "messages": messages(org),
    })
}

/// With the address of the file that stands on the message.
fn messages(org: &salesforce_sim::Handle) -> Vec<Value> {
    let mut messages = of(org, "Puente_Message__c", |r| text(r, "Name"));
    let versions = org.rows("ContentVersion");
    for message in &mut messages {
        let document = &message["fields"]["Content_Document_Id__c"];
        let version = versions.iter().find(|v| v["ContentDocumentId"] == *document);
        if let Some(id) = version.and_then(|version| version["Id"].as_str()) {
            message["fields"]["File"] = super::files::url(id).into();
        }
    }
    messages
}

fn of(org: &salesforce_sim::Handle, object: &str, name: fn(&Value) -> String) -> Vec<Value> {
    let rows = org.rows(object);
    let newest = rows.iter().rev().take(RECORDS_MAX);
    newest.map(|row| json!({ "id": row["Id"], "name": name(row), "fields": fields(row) })).collect()
}

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or_default().to_owned()
}

/// What has a value, without the system's own columns.
fn fields(row: &Value) -> Map<String, Value> {
    const HIDDEN: [&str; 7] = [
        "Id",
        "attributes",
        "SystemModstamp",
        "CreatedById",
        "LastModifiedById",
        "IsDeleted",
        "OwnerId",
    ];
    let Some(fields) = row.as_object() else {
        return Map::new();
    };
    let shown = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    fields
        .iter()
        .filter(|(name, _)| !HIDDEN.contains(&name.as_str()))
        .filter_map(|(name, value)| Some((name.clone(), shown(value)?.into())))
        .collect()
}
