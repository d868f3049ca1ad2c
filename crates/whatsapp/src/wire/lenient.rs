//! Reading that does not fail over a detail: numbers as text, text as numbers,
//! single values for lists, ill-formed escapes.

use std::borrow::Cow;

use model::UnixMs;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

/// Makes escapes that no text can hold readable: NUL, lone surrogates and raw
/// control characters within strings become U+FFFD. Everything else, escapes
/// included, stays byte for byte.
pub fn mend(json: &str) -> Cow<'_, str> {
    let bytes = json.as_bytes();
    let mut out: Option<String> = None;
    let (mut copied, mut at, mut in_text) = (0, 0, false);
    while at < bytes.len() {
        let bad = match bytes[at] {
            b'"' => {
                in_text = !in_text;
                0
            }
            b'\\' if in_text => match escape(bytes, at) {
                Escape::Fine(len) => {
                    at += len;
                    continue;
                }
                Escape::Bad(len) => len,
            },
            0..=0x1f if in_text => 1,
            _ => 0,
        };
        if bad == 0 {
            at += 1;
            continue;
        }
        let text = out.get_or_insert_with(|| String::with_capacity(json.len()));
        text.push_str(&json[copied..at]);
        text.push_str("\\ufffd");
        at += bad;
        copied = at;
    }
    match out {
        None => Cow::Borrowed(json),
        Some(mut text) => {
            text.push_str(&json[copied..]);
            Cow::Owned(text)
        }
    }
}

enum Escape {
    Fine(usize),
    Bad(usize),
}

fn escape(bytes: &[u8], at: usize) -> Escape {
    match unit(bytes, at) {
        Some(0 | 0xdc00..=0xdfff) => Escape::Bad(6),
        Some(0xd800..=0xdbff) => match unit(bytes, at + 6) {
            Some(0xdc00..=0xdfff) => Escape::Fine(12),
            _ => Escape::Bad(6),
        },
        Some(_) => Escape::Fine(6),
        // `\n` and its like; an escape that is cut off or misspelt is left to
        // the parser. Never more than the bytes there are: `at` stays a border.
        None => Escape::Fine(if bytes.get(at + 1).is_some_and(u8::is_ascii) { 2 } else { 1 }),
    }
}

/// The value of the `\u00e1` that starts at `at`.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |sum, digit| Some(sum << 4 | (*digit as char).to_digit(16)?))
}

/// A fragment as a value. A key given twice counts as given last.
pub fn value_of(json: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(&mend(json))
}

pub fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

pub fn as_int(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|f| f as i64)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| text.parse::<f64>().ok().map(|f| f as i64))
        }
        _ => None,
    }
}

/// Seconds or, when they could only be the year 5138, milliseconds.
pub fn as_time(value: &Value) -> Option<UnixMs> {
    let n = as_int(value).filter(|n| *n > 0)?;
    Some(if n >= 100_000_000_000 { UnixMs(n) } else { UnixMs::from_secs(n) })
}

/// `value[key]` as non-empty text.
pub fn id(value: &Value, key: &str) -> Option<String> {
    as_text(value.get(key)?).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

// The functions below serve `#[serde(deserialize_with)]`; with `default`, an
// absent, null or unreadable value is simply absent.

pub fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Value::deserialize(from).map(|value| as_text(&value))
}

pub fn int<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Value::deserialize(from).map(|value| as_int(&value))
}

pub fn real<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    Value::deserialize(from).map(|value| match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|f: &f64| f.is_finite()),
        _ => None,
    })
}

pub fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Value::deserialize(from).map(|value| match as_text(&value)?.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    })
}

pub fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<UnixMs>, D::Error> {
    Value::deserialize(from).map(|value| as_time(&value))
}

pub fn part<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Value::deserialize(from).map(|value| part_of(&value))
}

pub fn part_of<T: DeserializeOwned>(value: &Value) -> Option<T> {
    value.is_object().then(|| T::deserialize(value).ok()).flatten()
}

/// A list whose unreadable members are left out; one value is a list of one.
pub fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    Value::deserialize(from).map(|value| list_of(&value))
}

pub fn list_of<T: DeserializeOwned>(value: &Value) -> Vec<T> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(members) => members.iter().filter_map(|m| T::deserialize(m).ok()).collect(),
        one => T::deserialize(one).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_text_can_hold_is_mended() {
        for (json, want) in [
            (r#"{"a":"b\/c\u00e9\n"}"#, r#"{"a":"b\/c\u00e9\n"}"#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""x\ud83dy""#, r#""x\ufffdy""#),
            (r#""\ude00\ud83d\ud83d\ude00""#, r#""\ufffd\ufffd\ud83d\ude00""#),
            (r#""a\u0000b""#, r#""a\ufffdb""#),
            (r#""a\\u0000b""#, r#""a\\u0000b""#),
            (r#""a\\\u0000b""#, r#""a\\\ufffdb""#),
            ("\"a\nb\0\"", r#""a\ufffdb\ufffd""#),
            ("{\n\"a\":1}", "{\n\"a\":1}"),
            (r#""\"#, r#""\"#),
            (r#""\é\u12"#, r#""\é\u12"#),
        ] {
            assert_eq!(mend(json), want);
        }
    }

    #[test]
    fn times_in_both_units() {
        let want = Some(UnixMs(1_750_000_000_123));
        assert_eq!(as_time(&Value::from("1750000000123")), want);
        assert_eq!(as_time(&Value::from(1_750_000_000_123_i64)), want);
        assert_eq!(as_time(&Value::from("1750000000")), Some(UnixMs(1_750_000_000_000)));
        assert_eq!(as_time(&Value::from("soon")), None);
        assert_eq!(as_time(&Value::from(0)), None);
    }
}
