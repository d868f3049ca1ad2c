//! A value into what a field of its type takes.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Number, Value};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Text,
    Number,
    Integer,
    Boolean,
    Date,
    Datetime,
    Picklist,
    Reference,
}

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Text,
        Self::Number,
        Self::Integer,
        Self::Boolean,
        Self::Date,
        Self::Datetime,
        Self::Picklist,
        Self::Reference,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Picklist => "picklist",
            Self::Reference => "reference",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Has a length that counts.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Picklist)
    }
}

/// Nothing to write: null, or text of blanks.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// `Err`: what the value should have been.
pub fn convert(value: &Value, kind: Kind) -> Result<Value, &'static str> {
    match kind {
        Kind::Text => text(value).map(Value::String).ok_or("no text"),
        // several values of a multi-select picklist are one text
        Kind::Picklist => list(value).or_else(|| text(value)).map(Value::String).ok_or("no text"),
        Kind::Number => number(value).map(Value::Number).ok_or("no number"),
        Kind::Integer => integer(value).map(Value::from).ok_or("no whole number"),
        Kind::Boolean => boolean(value).map(Value::Bool).ok_or("neither true nor false"),
        Kind::Date => date(value).map(Value::String).ok_or("no date: 2026-01-31"),
        Kind::Datetime => datetime(value).map(Value::String).ok_or("no time: 2026-01-31T12:00:00Z"),
        Kind::Reference => {
            reference(value).map(Value::String).ok_or("no record id of 15 or 18 characters")
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn list(value: &Value) -> Option<String> {
    let parts: Option<Vec<_>> = value.as_array()?.iter().map(text).collect();
    parts.map(|parts| parts.join(";"))
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => {
            let text = text.trim();
            let whole = text.parse::<i64>().ok().map(Number::from);
            whole.or_else(|| Number::from_f64(text.parse().ok()?))
        }
        _ => None,
    }
}

fn integer(value: &Value) -> Option<i64> {
    let number = number(value)?;
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64)
    })
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        Value::Number(number) => match number.as_i64()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        },
        _ => None,
    }
}

/// The day in UTC.
fn date(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let day = text.parse::<Timestamp>().ok().map(|at| at.to_zoned(TimeZone::UTC).date());
    // what follows a day that is no timestamp is another date format
    let plain = || (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
    day.or_else(plain).map(|day| day.to_string())
}

fn datetime(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let at = text.parse::<Timestamp>().ok().or_else(|| {
        let day = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten()?;
        Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })?;
    Some(format!("{at:.3}"))
}

fn reference(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let fits = matches!(text.len(), 15 | 18) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then(|| text.to_owned())
}
