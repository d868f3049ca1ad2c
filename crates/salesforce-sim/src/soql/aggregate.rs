//! GROUP BY and the functions over groups.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::ast::{Function, Item, Select};
use super::compare::order;
use super::resolve::{Column, Names};
use crate::error::ApiError;
use crate::org::Row;

enum Output {
    Group { name: String, column: Column },
    Function { name: String, function: Function, column: Column },
}

/// One row for each group, in the order of the groups' values.
pub fn aggregate(
    names: &Names<'_>,
    select: &Select,
    rows: &[(&str, &Row)],
) -> Result<Vec<Value>, ApiError> {
    let groups = select.group.iter().map(|p| names.column(p)).collect::<Result<Vec<_>, _>>()?;
    let outputs = outputs(names, select)?;
    let mut by_key: BTreeMap<String, Vec<(&str, &Row)>> = BTreeMap::new();
    if groups.is_empty() {
        by_key.insert(String::new(), rows.to_vec());
    } else {
        for (id, row) in rows {
            let key: Vec<_> = groups.iter().map(|g| g.value(names.org, id, row)).collect();
            by_key.entry(json!(key).to_string()).or_default().push((id, row));
        }
    }
    Ok(by_key.into_values().map(|members| line(names, &outputs, &members)).collect())
}

fn outputs(names: &Names<'_>, select: &Select) -> Result<Vec<Output>, ApiError> {
    let mut outputs = Vec::new();
    let mut unnamed = 0;
    for item in &select.items {
        outputs.push(match item {
            Item::Field(path) => {
                let grouped = select
                    .group
                    .iter()
                    .any(|g| g.steps.join(".").eq_ignore_ascii_case(&path.steps.join(".")));
                if !grouped {
                    let text =
                        format!("Field must be grouped or aggregated: {}", path.steps.join("."));
                    return Err(ApiError::bad("MALFORMED_QUERY", text));
                }
                let column = names.column(path)?;
                Output::Group { name: column.field.name.to_string(), column }
            }
            Item::Aggregate { function, of, alias } => {
                let name = alias.clone().unwrap_or_else(|| {
                    unnamed += 1;
                    format!("expr{}", unnamed - 1)
                });
                Output::Function { name, function: *function, column: names.column(of)? }
            }
            _ => {
                return Err(ApiError::bad(
                    "MALFORMED_QUERY",
                    "Grouped query cannot use COUNT() or FIELDS()",
                ));
            }
        });
    }
    Ok(outputs)
}

fn line(names: &Names<'_>, outputs: &[Output], members: &[(&str, &Row)]) -> Value {
    let mut out = Map::new();
    out.insert("attributes".into(), json!({ "type": "AggregateResult" }));
    for output in outputs {
        let (name, value) = match output {
            Output::Group { name, column } => {
                let first = members.first().map(|(id, row)| column.value(names.org, id, row));
                (name, first.unwrap_or(Value::Null))
            }
            Output::Function { name, function, column } => {
                let values = members.iter().map(|(id, row)| column.value(names.org, id, row));
                let values: Vec<_> = values.filter(|v| !v.is_null()).collect();
                (name, apply(*function, column, values))
            }
        };
        out.insert(name.clone(), value);
    }
    Value::Object(out)
}

fn apply(function: Function, column: &Column, mut values: Vec<Value>) -> Value {
    let sum = |values: &[Value]| values.iter().filter_map(Value::as_f64).sum::<f64>();
    values.sort_by(|a, b| order(&column.field, a, b));
    match function {
        Function::Count => json!(values.len()),
        Function::CountDistinct => {
            values.dedup_by(|a, b| order(&column.field, a, b).is_eq());
            json!(values.len())
        }
        _ if values.is_empty() => Value::Null,
        Function::Sum => json!(sum(&values)),
        Function::Avg => json!(sum(&values) / values.len() as f64),
        Function::Min => values.swap_remove(0),
        Function::Max => values.pop().unwrap_or(Value::Null),
    }
}
