//! Up to 200 records in one call (REST API, sObject Collections).

use std::sync::Arc;

use http::Method;
use serde_json::{Map, Value, json};

use super::rows::{known, record, render};
use super::{Call, Plan, Reply, Shape};
use crate::error::ApiError;
use crate::ids;
use crate::org::Org;
use crate::records::{Batch, Op, Outcome, Target, Values, Verb, parse, text_of};
use crate::schema::Object;

const RECORDS_MAX: usize = 200;
const READ_MAX: usize = 2_000;
/// Runs of neighbours of one type.
const CHUNKS_MAX: usize = 10;

/// `/composite/sobjects`, `/{Obj}` and `/{Obj}/{Field}`
pub fn plan(org: &Org, call: &Call, path: &[&str]) -> Result<Plan, ApiError> {
    match (path, &call.method) {
        ([], &Method::POST) => write(org, call, create),
        ([], &Method::PATCH) => write(org, call, update),
        ([], &Method::DELETE) => delete(org, call),
        ([name], &Method::GET | &Method::POST) => read(org, call, name),
        ([name, key], &Method::PATCH) => upsert(org, call, name, key),
        _ => Err(call.not_allowed("DELETE,GET,PATCH,POST")),
    }
}

/// An item's first result is the whole request's: what cannot be read fails it all.
type Read = Result<Result<Op, ApiError>, ApiError>;

fn write(org: &Org, call: &Call, item: impl Fn(&Org, &Value) -> Read) -> Result<Plan, ApiError> {
    let records = records(call)?;
    chunks(records)?;
    let ops = records.iter().map(|r| item(org, r)).collect::<Result<Vec<_>, _>>()?;
    let all_or_none = call.flag("allOrNone");
    let shape = Shape::Collection { shows_created: false, all_or_none };
    Ok(Plan::Write(Batch::new(ops, all_or_none), shape))
}

fn records(call: &Call) -> Result<&Vec<Value>, ApiError> {
    let records = call.member("records").as_array();
    let records =
        records.ok_or_else(|| ApiError::json("records: a list of records is required"))?;
    limit(records.len(), RECORDS_MAX)?;
    Ok(records)
}

fn limit(count: usize, max: usize) -> Result<(), ApiError> {
    if count > max {
        let text =
            format!("record limit reached. cannot submit more than {max} records into this call");
        return Err(ApiError::bad("EXCEEDED_ID_LIMIT", text));
    }
    Ok(())
}

fn chunks(records: &[Value]) -> Result<(), ApiError> {
    let kind = |r: &Value| r["attributes"]["type"].as_str().unwrap_or_default().to_lowercase();
    let runs = 1 + records.windows(2).filter(|pair| kind(&pair[0]) != kind(&pair[1])).count();
    if runs > CHUNKS_MAX {
        let text = "Cannot have more than 10 chunks in a single operation. Please rearrange the data to reduce chunking.";
        return Err(ApiError::bad("LIMIT_EXCEEDED", text));
    }
    Ok(())
}

fn object_of(org: &Org, record: &Value) -> Result<Arc<Object>, ApiError> {
    let name = record["attributes"]["type"].as_str();
    let name =
        name.ok_or_else(|| ApiError::json("attributes.type: every record names its type"))?;
    let unknown =
        || ApiError::bad("INVALID_TYPE", format!("sObject type '{name}' is not supported."));
    org.schema.object(name).cloned().ok_or_else(unknown)
}

fn create(org: &Org, body: &Value) -> Read {
    let object = object_of(org, body)?;
    let values = parse(org, &object, record(body)?)?;
    Ok(Ok(Op { object, verb: Verb::Create, values }))
}

fn update(org: &Org, body: &Value) -> Read {
    let object = object_of(org, body)?;
    let (body, id) = without(record(body)?, "Id");
    let values = parse(org, &object, &body)?;
    let Some(id) = id.as_ref().and_then(Value::as_str).map(str::to_owned) else {
        return Ok(Err(ApiError::bad("MISSING_ARGUMENT", "Id not specified in an update call")));
    };
    Ok(Ok(Op { object, verb: Verb::Update { id }, values }))
}

fn upsert(org: &Org, call: &Call, name: &str, key: &str) -> Result<Plan, ApiError> {
    let object = known(org, name)?;
    let key = org.visible(&object, key).filter(|f| f.is_key()).cloned().ok_or_else(|| {
        let text = format!("Provided external ID field does not exist or is not accessible: {key}");
        ApiError::new(404, "NOT_FOUND", text)
    })?;
    let mut ops = Vec::new();
    for body in records(call)? {
        if object_of(org, body)?.name != object.name {
            return Err(ApiError::bad(
                "INVALID_TYPE",
                format!("all records of this request are of type {name}"),
            ));
        }
        let (body, value) = without(record(body)?, &key.name);
        let values = parse(org, &object, &body)?;
        let value = value.as_ref().and_then(text_of);
        let verb = Verb::Upsert { key: key.clone(), value, target: Target::Unresolved };
        ops.push(Ok(Op { object: object.clone(), verb, values }));
    }
    let all_or_none = call.flag("allOrNone");
    let shape = Shape::Collection { shows_created: true, all_or_none };
    Ok(Plan::Write(Batch::new(ops, all_or_none), shape))
}

fn delete(org: &Org, call: &Call) -> Result<Plan, ApiError> {
    let ids: Vec<_> = call
        .param("ids")
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|i| !i.is_empty())
        .collect();
    limit(ids.len(), RECORDS_MAX)?;
    let op = |id: &str| match org.schema.of_id(id) {
        Some(object) => Ok(Op {
            object: object.clone(),
            verb: Verb::Delete { id: id.to_owned() },
            values: Values::default(),
        }),
        None => Err(ApiError::bad("MALFORMED_ID", format!("malformed id {id}"))),
    };
    let all_or_none = call.param("allOrNone") == Some("true");
    let shape = Shape::Collection { shows_created: false, all_or_none };
    Ok(Plan::Write(Batch::new(ids.into_iter().map(op).collect(), all_or_none), shape))
}

/// Missing and deleted rows are null.
fn read(org: &Org, call: &Call, name: &str) -> Result<Plan, ApiError> {
    let object = known(org, name)?;
    let list = |name: &str| -> Vec<String> {
        match (call.param(name), call.member(name).as_array()) {
            (Some(text), _) => text.split(',').map(|s| s.trim().to_owned()).collect(),
            (_, Some(items)) => {
                items.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()
            }
            _ => Vec::new(),
        }
    };
    let (wanted, fields) = (list("ids"), list("fields"));
    if fields.is_empty() {
        return Err(ApiError::bad("MISSING_ARGUMENT", "fields: name the fields to read"));
    }
    limit(wanted.len(), READ_MAX)?;
    let fields: Vec<&str> = fields.iter().map(|f| &**f).collect();
    let one = |id: &String| -> Result<Value, ApiError> {
        let Some(id) = ids::full(id) else {
            return Ok(Value::Null);
        };
        match org.table(&object).live(&id) {
            Some(row) => render(org, &call.base(), &object, &id, row, &fields),
            None => Ok(Value::Null),
        }
    };
    let rows = wanted.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    Ok(Plan::Done(Reply::ok(json!(rows))))
}

fn without(body: &Map<String, Value>, name: &str) -> (Map<String, Value>, Option<Value>) {
    let mut body = body.clone();
    let key = body.keys().find(|k| k.eq_ignore_ascii_case(name)).cloned();
    let value = key.and_then(|k| body.remove(&k));
    (body, value)
}

/// One item of the answer. A row that is not there is a broken reference here.
pub fn item(outcome: Outcome, shows_created: bool) -> Value {
    match outcome {
        Ok(saved) => {
            let mut item = json!({ "id": saved.id, "success": true, "errors": [] });
            if shows_created {
                item["created"] = json!(saved.created);
            }
            item
        }
        Err(error) if error.code == "NOT_FOUND" => {
            ApiError::bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id").item()
        }
        Err(mut error) => {
            if error.code == "DUPLICATE_EXTERNAL_ID" {
                error.fields.clear();
            }
            error.item()
        }
    }
}
