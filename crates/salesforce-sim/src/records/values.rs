//! JSON values to stored values, by the type of their field.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::schema::{Field, Kind};
use crate::time;

/// The stored form of a value; `None` for null and for empty text.
///
/// Fails with JSON_PARSER_ERROR when the value has another type than the field.
pub fn convert(field: &Field, value: &Value) -> Result<Option<Value>, ApiError> {
    let wrong = || cannot(field, value);
    if value.is_null() {
        return Ok(None);
    }
    let stored = match field.kind {
        Kind::Boolean => json!(value.as_bool().or_else(|| flag(value)).ok_or_else(wrong)?),
        Kind::Int => json!(whole(value).ok_or_else(wrong)?),
        Kind::Double | Kind::Currency | Kind::Percent => {
            let number = number(value).ok_or_else(wrong)?;
            let unit = 10_f64.powi(field.scale as i32);
            json!((number * unit).round() / unit)
        }
        Kind::Date => {
            let text = value.as_str().ok_or_else(wrong)?;
            let day = text.split('T').next().and_then(time::parse_date).ok_or_else(wrong)?;
            json!(time::date(day))
        }
        Kind::DateTime => {
            let text = value.as_str().ok_or_else(wrong)?;
            json!(time::datetime(moment(text).ok_or_else(wrong)?))
        }
        _ => {
            let text = value.as_str().ok_or_else(wrong)?;
            if text.contains('\0') {
                return Err(ApiError::json(format!(
                    "{}: the character NUL is not allowed",
                    field.name
                )));
            }
            if text.is_empty() {
                return Ok(None);
            }
            json!(text)
        }
    };
    Ok(Some(stored))
}

/// A date-time, or a date at midnight UTC.
pub fn moment(text: &str) -> Option<i64> {
    time::parse_datetime(text).or_else(|| time::parse_date(text).map(|day| day * 86_400_000))
}

/// A key's value as text: external ids are written as text or as a number.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(s) if !s.is_empty() => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|n| n.is_finite())
}

fn whole(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())
        .filter(|n| i32::try_from(*n).is_ok())
}

fn flag(value: &Value) -> Option<bool> {
    match value.as_str()? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn cannot(field: &Field, value: &Value) -> ApiError {
    let token = match value {
        Value::String(_) => "VALUE_STRING",
        Value::Bool(true) => "VALUE_TRUE",
        Value::Bool(false) => "VALUE_FALSE",
        Value::Number(n) if n.is_f64() => "VALUE_NUMBER_FLOAT",
        Value::Number(_) => "VALUE_NUMBER_INT",
        Value::Array(_) => "START_ARRAY",
        _ => "START_OBJECT",
    };
    let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    ApiError::json(format!(
        "Cannot deserialize instance of {} from {token} value {shown} or request may be missing a required field ({})",
        field.kind.name(),
        field.name
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_takes_its_own() {
        let mut number = Field::new("N", Kind::Double);
        (number.precision, number.scale) = (18, 2);
        let table = [
            (Field::new("T", Kind::Text), json!("a"), Some(json!("a"))),
            (Field::new("T", Kind::Text), json!(""), None),
            (number.clone(), json!(5), Some(json!(5.0))),
            (number.clone(), json!("1.239"), Some(json!(1.24))),
            (Field::new("B", Kind::Boolean), json!("true"), Some(json!(true))),
            (Field::new("D", Kind::Date), json!("2026-02-28"), Some(json!("2026-02-28"))),
            (
                Field::new("M", Kind::DateTime),
                json!("2026-02-28T10:00:00+01:00"),
                Some(json!("2026-02-28T09:00:00.000+0000")),
            ),
            (Field::new("I", Kind::Int), json!(7), Some(json!(7))),
        ];
        for (field, given, want) in table {
            assert_eq!(convert(&field, &given).unwrap(), want, "{given}");
        }
        let wrong = [
            (Field::new("T", Kind::Text), json!(5)),
            (Field::new("T", Kind::Text), json!("a\0b")),
            (Field::new("T", Kind::Text), json!(["a"])),
            (number, json!("many")),
            (Field::new("B", Kind::Boolean), json!(1)),
            (Field::new("D", Kind::Date), json!("28.02.2026")),
            (Field::new("M", Kind::DateTime), json!(1_700_000_000)),
            (Field::new("I", Kind::Int), json!(3_000_000_000_i64)),
        ];
        for (field, given) in wrong {
            assert_eq!(convert(&field, &given).unwrap_err().code, "JSON_PARSER_ERROR", "{given}");
        }
    }
}
