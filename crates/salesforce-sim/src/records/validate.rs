//! Checks of single values: rights, lengths, picklists, ranges.

use serde_json::Value;

use super::Values;
use crate::error::ApiError;
use crate::schema::{Field, Kind, Object};

/// Whether every named field may be written at all.
pub fn writable(values: &Values, may: impl Fn(&Field) -> bool) -> Result<(), ApiError> {
    let named = values.plain.iter().map(|(f, _)| f).chain(values.parents.iter().map(|(f, _)| f));
    let refused: Vec<_> = named.filter(|f| !may(f)).map(|f| f.name.to_string()).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let text = format!(
        "Unable to create/update fields: {}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.",
        refused.join(", ")
    );
    let mut error = ApiError::bad("INVALID_FIELD_FOR_INSERT_UPDATE", text);
    error.fields = refused;
    Err(error)
}

/// Length, picklist, range and form of one value.
pub fn value(field: &Field, value: &Value) -> Result<(), ApiError> {
    let name = &*field.name;
    if let Some(text) = value.as_str() {
        let length = text.encode_utf16().count();
        if field.length > 0 && length > field.length as usize {
            let shown: String = text.chars().take(255).collect();
            let text = format!(
                "{}: data value too large: {shown} (max length={})",
                field.label, field.length
            );
            return Err(ApiError::bad("STRING_TOO_LONG", text).on(name));
        }
        if field.restricted && !field.picklist.iter().any(|v| v == text) {
            let text = format!("{}: bad value for restricted picklist field: {text}", field.label);
            return Err(ApiError::bad("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", text).on(name));
        }
        if field.kind == Kind::Email && !is_email(text) {
            let text = format!("{}: invalid email address: {text}", field.label);
            return Err(ApiError::bad("INVALID_EMAIL_ADDRESS", text).on(name));
        }
    }
    if let Some(number) = value.as_f64() {
        let digits = field.precision.saturating_sub(field.scale);
        if field.precision > 0 && number.abs() >= 10_f64.powi(digits as i32) {
            let text =
                format!("{}: value outside of valid range on numeric field: {number}", field.label);
            return Err(ApiError::bad("NUMBER_OUTSIDE_VALID_RANGE", text).on(name));
        }
    }
    Ok(())
}

/// Whether all that must be there is there.
pub fn required<'a>(object: &'a Object, has: impl Fn(&Field) -> bool) -> Result<(), ApiError> {
    let missing: Vec<&'a str> =
        object.fields().iter().filter(|f| f.required && !has(f)).map(|f| &*f.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let text = format!("Required fields are missing: [{}]", missing.join(", "));
    let mut error = ApiError::bad("REQUIRED_FIELD_MISSING", text);
    error.fields = missing.into_iter().map(str::to_owned).collect();
    Err(error)
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let plain = |part: &str| !part.is_empty() && !part.contains([' ', '@', ',']);
    plain(local)
        && plain(domain)
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
}
