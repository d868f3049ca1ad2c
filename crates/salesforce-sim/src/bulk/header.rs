//! What the columns of an upload mean, and a row as a record to save.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::csv::Complaint;
use super::job::{Job, Operation};
use crate::error::ApiError;
use crate::org::Org;
use crate::records::{Op, Target, Values, Verb, parse};
use crate::schema::{Field, Object};

/// Null, where an empty cell means "as it is".
const NULL: &str = "#N/A";

#[derive(Clone, Debug)]
pub enum Column {
    Id,
    /// The external id that an upsert goes by.
    Key,
    Field(Arc<Field>),
    /// `Person__r.Key__c`: the hop and the parent's key.
    Parent {
        hop: String,
        key: String,
    },
}

/// Columns the object does not have, or hides, fail the job as a whole.
pub fn columns(org: &Org, job: &Job, names: &[String]) -> Result<Vec<Column>, Complaint> {
    let columns = names
        .iter()
        .map(|name| {
            column(org, job, name)
                .ok_or_else(|| format!("InvalidBatch : Field name not found : {name}"))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let has = |wanted: fn(&Column) -> bool| columns.iter().any(wanted);
    let by_id = matches!(job.operation, Operation::Update | Operation::Delete);
    if by_id && !has(|c| matches!(c, Column::Id)) {
        return Err("InvalidBatch : Field name not found : Id".to_owned());
    }
    if let Some(key) = job.key.as_ref().filter(|_| job.operation == Operation::Upsert)
        && !has(|c| matches!(c, Column::Key))
    {
        return Err(format!("InvalidBatch : Field name not found : {}", key.name));
    }
    Ok(columns)
}

fn column(org: &Org, job: &Job, name: &str) -> Option<Column> {
    if let Some(key) = &job.key
        && key.name.eq_ignore_ascii_case(name)
    {
        return Some(Column::Key);
    }
    if name.eq_ignore_ascii_case("Id") {
        return Some(Column::Id);
    }
    if let Some((hop, key)) = name.split_once('.') {
        let field = job.object.hop(hop).filter(|f| !org.is_hidden(&job.object, f))?;
        let target = field.reference.as_ref()?.to.first()?;
        let target = org.schema.object(target)?;
        org.visible(target, key).filter(|f| f.is_key())?;
        return Some(Column::Parent { hop: hop.to_owned(), key: key.to_owned() });
    }
    org.visible(&job.object, name).cloned().map(Column::Field)
}

/// One row as an op. What is wrong with it is its own failure.
pub fn op(org: &Org, job: &Job, columns: &[Column], row: &[String]) -> Result<Op, ApiError> {
    let (mut id, mut key, mut body) = (None, None, Map::new());
    for (column, cell) in columns.iter().zip(row) {
        match (column, cell.as_str()) {
            (_, "") => {}
            (Column::Id, text) => id = Some(text.to_owned()),
            (Column::Key, text) => key = Some(text.to_owned()),
            (Column::Field(field), NULL) => drop(body.insert(field.name.to_string(), Value::Null)),
            (Column::Field(field), text) => drop(body.insert(field.name.to_string(), json!(text))),
            (Column::Parent { hop, .. }, NULL) => drop(body.insert(hop.clone(), Value::Null)),
            (Column::Parent { hop, key }, text) => {
                body.insert(hop.clone(), json!({ (key.as_str()): text }));
            }
        }
    }
    let object: Arc<Object> = job.object.clone();
    let values = parse(org, &object, &body).map_err(as_of_a_row)?;
    let named = || {
        id.clone()
            .ok_or_else(|| ApiError::bad("MISSING_ARGUMENT", "Id not specified in an update call"))
    };
    let verb = match (job.operation, &job.key) {
        (Operation::Insert, _) => Verb::Create,
        (Operation::Update, _) => Verb::Update { id: named()? },
        (Operation::Delete, _) => {
            return Ok(Op {
                object,
                verb: Verb::Delete { id: named()? },
                values: Values::default(),
            });
        }
        (Operation::Upsert, Some(field)) => {
            let value = if &*field.name == "Id" { id.or(key) } else { key };
            Verb::Upsert { key: field.clone(), value, target: Target::Unresolved }
        }
        (Operation::Upsert, None) => Verb::Create,
    };
    Ok(Op { object, verb, values })
}

/// Text that does not read as its field's type: here a row's own failure.
fn as_of_a_row(mut error: ApiError) -> ApiError {
    if error.code == "JSON_PARSER_ERROR" {
        error.code = "INVALID_TYPE_ON_FIELD_IN_RECORD";
    }
    error
}
