//! What list views and reports find (REST API, List View Describe; Reports and
//! Dashboards REST API, Execute Sync).

use serde_json::{Map, Value, json};

use super::Call;
use crate::error::ApiError;
use crate::ids;
use crate::org::Org;
use crate::soql::{self, Item};

/// Rows that one run of a report gives.
const ROWS_MAX: usize = 2_000;

/// The query of a list view.
pub fn list_view(org: &Org, object: &str, id: &str) -> Result<Value, ApiError> {
    let (id, query) = view(org, id)?;
    let select = soql::parse(query)?;
    if !select.object.eq_ignore_ascii_case(object) {
        return Err(ApiError::not_found());
    }
    let columns: Vec<_> = names(&select.items)
        .map(|name| json!({ "fieldNameOrPath": name, "selectListItem": name, "hidden": name == "Id" }))
        .collect();
    Ok(json!({ "columns": columns, "id": id, "query": query, "scope": "everything",
        "sobjectType": select.object }))
}

/// A run of a report. A name has the id of its record behind it.
pub fn report(org: &Org, call: &Call, id: &str) -> Result<Value, ApiError> {
    let (_, query) = view(org, id)?;
    let select = soql::parse(query)?;
    let details = call.param("includeDetails") == Some("true");
    let found = soql::run(org, query, &select, &call.base(), false, call.actor.at_ms)?;
    let cells = |row: &Value| -> Value {
        let cells = names(&select.items).map(|name| {
            let label = row[&name].as_str().map_or_else(|| row[&name].to_string(), str::to_owned);
            let value = if name.ends_with("Name") { row["Id"].clone() } else { row[&name].clone() };
            json!({ "label": label, "value": value })
        });
        json!({ "dataCells": cells.collect::<Vec<_>>() })
    };
    let mut fact = Map::new();
    fact.insert(
        "aggregates".into(),
        json!([{ "label": found.rows.len().to_string(), "value": found.rows.len() }]),
    );
    if details {
        fact.insert("rows".into(), found.rows.iter().take(ROWS_MAX).map(cells).collect());
    }
    Ok(json!({ "allData": found.rows.len() <= ROWS_MAX, "hasDetailRows": details,
        "factMap": { "T!T": fact },
        "reportMetadata": { "id": id, "reportFormat": "TABULAR",
            "detailColumns": names(&select.items).collect::<Vec<_>>() } }))
}

fn view<'a>(org: &'a Org, id: &str) -> Result<(String, &'a String), ApiError> {
    let id = ids::full(id).ok_or_else(ApiError::not_found)?;
    let query = org.views.get(&id).ok_or_else(ApiError::not_found)?;
    Ok((id, query))
}

fn names(items: &[Item]) -> impl Iterator<Item = String> + '_ {
    items.iter().filter_map(|item| match item {
        Item::Field(path) => Some(path.steps.join(".")),
        _ => None,
    })
}
