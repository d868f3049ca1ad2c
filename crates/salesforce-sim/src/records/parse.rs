//! From a JSON body to values of known fields.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::values;
use crate::error::ApiError;
use crate::ids;
use crate::org::Org;
use crate::schema::{Field, Object};

/// A parent named by one of its keys: `{"Person__r":{"Key__c":"..."}}`.
#[derive(Clone, Debug)]
pub struct Parent {
    pub object: Arc<Object>,
    pub key: Arc<Field>,
    pub value: String,
}

/// What a body sets. `None` clears.
#[derive(Clone, Debug, Default)]
pub struct Values {
    pub plain: Vec<(Arc<Field>, Option<Value>)>,
    pub parents: Vec<(Arc<Field>, Parent)>,
}

impl Values {
    pub fn with_key(&self, key: &Arc<Field>, value: Option<&str>) -> Self {
        let mut values = self.clone();
        if let Some(value) = value.filter(|_| &*key.name != "Id") {
            values.plain.push((key.clone(), Some(Value::from(value))));
        }
        values
    }

    /// The record a lookup is about to hold, as far as it can be told now.
    pub fn reference(&self, org: &Org, field: &Field) -> Option<String> {
        let plain = self.plain.iter().find(|(f, _)| f.name == field.name);
        if let Some((_, value)) = plain {
            return ids::full(value.as_ref()?.as_str()?);
        }
        let (_, parent) = self.parents.iter().find(|(f, _)| f.name == field.name)?;
        org.table(&parent.object).find(&parent.key, &parent.value)?.pop()
    }
}

/// Reads a record of `object`. Unknown names and values of a wrong JSON type
/// fail the request as a whole, before anything is saved.
pub fn parse(org: &Org, object: &Object, body: &Map<String, Value>) -> Result<Values, ApiError> {
    let mut out = Values::default();
    for (name, value) in body {
        if name == "attributes" {
            continue;
        }
        if name.eq_ignore_ascii_case("Id") {
            if value.is_null() {
                continue;
            }
            let text = "The Id field should not be specified in the sobject data.";
            return Err(ApiError::bad("INVALID_FIELD_FOR_INSERT_UPDATE", text).on("Id"));
        }
        if let Some(field) = org.visible(object, name) {
            out.plain.push((field.clone(), values::convert(field, value)?));
            continue;
        }
        let hop = object.hop(name).filter(|f| !org.is_hidden(object, f));
        match hop {
            Some(field) if value.is_null() => out.plain.push((field.clone(), None)),
            Some(field) => out.parents.push((field.clone(), parent(org, field, name, value)?)),
            None => {
                let text = format!("No such column '{name}' on sobject of type {}", object.name);
                return Err(ApiError::bad("INVALID_FIELD", text));
            }
        }
    }
    Ok(out)
}

fn parent(org: &Org, field: &Field, name: &str, value: &Value) -> Result<Parent, ApiError> {
    let wrong = |why: &str| ApiError::json(format!("{name}: {why}"));
    let body =
        value.as_object().ok_or_else(|| wrong("a parent is an object with one of its keys"))?;
    let targets = field.reference.as_ref().map(|r| &r.to[..]).unwrap_or_default();
    let named = body.get("attributes").and_then(|a| a["type"].as_str());
    let target = named.or(targets.first().map(|t| &**t)).unwrap_or_default();
    let object = org.schema.object(target).ok_or_else(|| wrong("its type is not known"))?.clone();
    let mut keys = body.iter().filter(|(k, _)| *k != "attributes");
    let (Some((key, value)), None) = (keys.next(), keys.next()) else {
        return Err(wrong("exactly one key names a parent"));
    };
    let key = org.visible(&object, key).filter(|f| f.is_key()).cloned().ok_or_else(|| {
        let text = format!("{key} is not an External ID or indexed field for {}", object.name);
        ApiError::bad("INVALID_FIELD", text)
    })?;
    let value = values::text(value).ok_or_else(|| wrong("the key has no value"))?;
    Ok(Parent { object, key, value })
}
