//! A mapping over one source: the fields of one record.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Mapping;
use super::entry::{Entry, From, Moment, TooLong};
use super::expr::Nothing;
use super::target::Target;
use super::value::{convert, is_empty};
use crate::text::fit;

/// By the field's name in the file.
pub type Fields = BTreeMap<String, Value>;

/// An entry whose value could not be used: its default stands in, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// `Lead.Phone`
    pub field: String,
    /// Says nothing of the value itself, which is personal.
    pub why: String,
}

/// The fields of a record of `target`. What is absent is left untouched.
pub fn fill(
    mapping: &Mapping,
    target: Target,
    moment: Moment,
    source: &Value,
) -> (Fields, Vec<Missed>) {
    let (mut fields, mut missed) = (Fields::new(), Vec::new());
    let mine = mapping.entries.iter().filter(|e| e.to.0 == target && e.on.holds(moment));
    for entry in mine {
        let taken = fields.keys().any(|field| field.eq_ignore_ascii_case(&entry.to.1));
        if taken || entry.when.as_ref().is_some_and(|when| !when.holds(source)) {
            continue;
        }
        let value = match value(entry, source) {
            Ok(value) => value,
            Err(why) => {
                missed.push(Missed { field: entry.name(), why });
                None
            }
        };
        if let Some(value) = value.or_else(|| entry.default.clone()) {
            fields.insert(entry.to.1.clone(), value);
        }
    }
    (fields, missed)
}

/// `None`: there is none. `Err`: there is one that the field cannot take.
fn value(entry: &Entry, source: &Value) -> Result<Option<Value>, String> {
    let found = match &entry.from {
        From::Path(path) => at(source, path).cloned().unwrap_or(Value::Null),
        From::Expr(expr) => match expr.eval(source) {
            Ok(value) => value,
            Err(Nothing::Absent) => Value::Null,
            Err(Nothing::Failed) => return Err("the expression cannot be done with it".into()),
            Err(Nothing::Fuel) => return Err("the expression takes too many steps".into()),
        },
        From::Nothing => Value::Null,
    };
    if is_empty(&found) {
        return Ok(None);
    }
    let value = convert(&found, entry.kind).map_err(|what| format!("the value is {what}"))?;
    let (Value::String(text), true) = (&value, entry.kind.is_text()) else {
        return Ok(Some(value));
    };
    // control characters are refused by Salesforce
    let clean = fit(text, usize::MAX);
    if !entry.allows(&clean) {
        return Err("the value is none of those that `values` lists".into());
    }
    let Some(max) = entry.max_length else {
        return Ok(Some(Value::String(clean)).filter(|value| !is_empty(value)));
    };
    if entry.too_long == TooLong::Refuse && clean.encode_utf16().count() > max {
        return Err(format!("the value is longer than {max} characters"));
    }
    Ok(Some(Value::String(fit(&clean, max))).filter(|value| !is_empty(value)))
}

fn at<'a>(source: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(source, |value, key| value.get(key))
}
