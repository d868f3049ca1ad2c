//! sObject rows, by id and by key (REST API, sObject Rows, sObject Rows by External ID).

use std::sync::Arc;

use http::Method;
use serde_json::{Map, Value, json};

use super::{Call, Plan, Reply, Shape};
use crate::error::ApiError;
use crate::ids;
use crate::org::{Org, Row};
use crate::records::{Batch, Op, Target, Values, Verb, parse, resolve};
use crate::schema::Object;

pub fn known(org: &Org, name: &str) -> Result<Arc<Object>, ApiError> {
    org.schema.object(name).cloned().ok_or_else(ApiError::not_found)
}

pub fn describe(org: &Org, call: &Call, name: &str) -> Result<Value, ApiError> {
    let object = known(org, name)?;
    Ok(object.describe(&org.schema, &call.base(), &|field| org.is_hidden(&object, field)))
}

/// `/sobjects/{Obj}`
pub fn object(org: &Org, call: &Call, name: &str) -> Result<Plan, ApiError> {
    let object = known(org, name)?;
    match call.method {
        Method::GET => {
            let about =
                json!({ "objectDescribe": object.summary(&call.base()), "recentItems": [] });
            Ok(Plan::Done(Reply::ok(about)))
        }
        Method::POST => {
            let values = parse(org, &object, record(&call.body)?)?;
            let shape = Shape::Create { object: object.name.to_string() };
            Ok(one(Op { object, verb: Verb::Create, values }, shape))
        }
        _ => Err(call.not_allowed("GET,HEAD,POST")),
    }
}

/// `/sobjects/{Obj}/{id}`
pub fn row(org: &Org, call: &Call, name: &str, id: &str) -> Result<Plan, ApiError> {
    let object = known(org, name)?;
    let id = id.to_owned();
    match call.method {
        Method::GET => {
            let full = ids::full(&id).ok_or_else(ApiError::not_found)?;
            show(org, call, &object, &full)
        }
        Method::PATCH => {
            let values = parse(org, &object, record(&call.body)?)?;
            Ok(one(Op { object, verb: Verb::Update { id }, values }, Shape::Update))
        }
        Method::DELETE => {
            let values = Values::default();
            Ok(one(Op { object, verb: Verb::Delete { id }, values }, Shape::Delete))
        }
        _ => Err(call.not_allowed("DELETE,GET,HEAD,PATCH")),
    }
}

/// `/sobjects/{Obj}/{Field}/{value}`
pub fn keyed(
    org: &Org,
    call: &Call,
    name: &str,
    field: &str,
    value: &str,
) -> Result<Plan, ApiError> {
    let object = known(org, name)?;
    let key = org.visible(&object, field).filter(|f| f.is_key()).cloned().ok_or_else(|| {
        let text =
            format!("Provided external ID field does not exist or is not accessible: {field}");
        ApiError::new(404, "NOT_FOUND", text)
    })?;
    let found = || match resolve(org, &object, &key, Some(value)) {
        Ok(Target::Update { id }) => Ok(Ok(id)),
        Ok(_) => Err(ApiError::not_found()),
        Err(several) if several.status == 300 => Ok(Err(choices(call, &object.name, &several))),
        Err(error) => Err(error),
    };
    match call.method {
        Method::GET => match found()? {
            Ok(id) => show(org, call, &object, &id),
            Err(several) => Ok(Plan::Done(several)),
        },
        Method::DELETE => match found()? {
            Ok(id) => Ok(one(
                Op { object, verb: Verb::Delete { id }, values: Values::default() },
                Shape::Delete,
            )),
            Err(several) => Ok(Plan::Done(several)),
        },
        Method::PATCH => {
            let body = record(&call.body)?;
            if body.keys().any(|k| k.eq_ignore_ascii_case(&key.name)) {
                let text =
                    format!("The {} field should not be specified in the sobject data.", key.name);
                return Err(ApiError::bad("INVALID_FIELD", text).on(&key.name));
            }
            if call.param("updateOnly") == Some("true") {
                let _ = found()?;
            }
            let values = parse(org, &object, body)?;
            let shape = Shape::Upsert { object: object.name.to_string() };
            let verb =
                Verb::Upsert { key, value: Some(value.to_owned()), target: Target::Unresolved };
            Ok(one(Op { object, verb, values }, shape))
        }
        _ => Err(call.not_allowed("DELETE,GET,HEAD,PATCH")),
    }
}

fn one(op: Op, shape: Shape) -> Plan {
    Plan::Write(Batch::new(vec![Ok(op)], true), shape)
}

pub fn record(body: &Value) -> Result<&Map<String, Value>, ApiError> {
    body.as_object()
        .ok_or_else(|| ApiError::json("The HTTP entity body is required and must be an object"))
}

fn show(org: &Org, call: &Call, object: &Object, id: &str) -> Result<Plan, ApiError> {
    let row = match org.table(object).get(id) {
        None => return Err(ApiError::not_found()),
        Some(row) if row.get("IsDeleted").is_some_and(|d| d == true) => {
            return Err(ApiError::new(404, "ENTITY_IS_DELETED", "entity is deleted"));
        }
        Some(row) => row,
    };
    let names: Vec<&str> =
        call.param("fields").into_iter().flat_map(|f| f.split(',')).map(str::trim).collect();
    Ok(Plan::Done(Reply::ok(render(org, &call.base(), object, id, row, &names)?)))
}

/// The row as answers show it: all visible fields, or those named.
pub fn render(
    org: &Org,
    base: &str,
    object: &Object,
    id: &str,
    row: &Row,
    names: &[&str],
) -> Result<Value, ApiError> {
    let url = format!("{base}/sobjects/{}/{id}", object.name);
    let mut out = Map::new();
    out.insert("attributes".into(), json!({ "type": &*object.name, "url": url }));
    out.insert("Id".into(), json!(id));
    let mut put = |name: &str| {
        let value = match name {
            "VersionData" => json!(format!("{url}/VersionData")),
            _ => row.get(name).cloned().unwrap_or(Value::Null),
        };
        out.insert(name.to_owned(), value)
    };
    if names.is_empty() {
        for field in
            object.fields().iter().filter(|f| &*f.name != "Id" && !org.is_hidden(object, f))
        {
            put(&field.name);
        }
    }
    for name in names {
        let field = org.visible(object, name).ok_or_else(|| {
            let text = format!("No such column '{name}' on sobject of type {}", object.name);
            ApiError::bad("INVALID_FIELD", text)
        })?;
        if &*field.name != "Id" {
            put(&field.name);
        }
    }
    Ok(Value::Object(out))
}

/// The answer of a row's call that failed.
pub fn refusal(call: &Call, shape: &Shape, error: &ApiError) -> Reply {
    match shape {
        Shape::Upsert { object } if error.status == 300 => choices(call, object, error),
        _ => Reply::error(error),
    }
}

/// Several rows have the key: a bare list of their addresses.
fn choices(call: &Call, object: &str, error: &ApiError) -> Reply {
    let urls: Vec<_> =
        error.fields.iter().map(|id| format!("{}/sobjects/{object}/{id}", call.base())).collect();
    Reply { status: 300, location: None, body: Some(json!(urls)) }
}
