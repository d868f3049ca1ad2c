//! Bodies and queries, read so that a mistake names its field.

use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem::{self, Problem};

/// The body as one JSON object, whatever its declared type: Apex and Flow
/// often send none.
pub struct Object(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Object {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        object(&bytes).map(Self)
    }
}

fn unread(rejection: BytesRejection) -> Problem {
    let known = match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => &problem::TOO_LARGE,
        _ => &problem::BAD_JSON,
    };
    Problem::new(known, rejection.body_text())
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Problem::new(&problem::BAD_JSON, "The body is JSON, but not an object.")),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let detail = format!("The body stops being JSON at line {line}, column {column}.");
            Err(Problem::new(&problem::BAD_JSON, detail))
        }
    }
}

/// A query string. Unknown parameters are refused: a misspelt filter would
/// silently widen the answer.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        read.map(|Query(value)| Self(value)).map_err(|rejection| {
            let cure = "See /docs for the parameters of this address.";
            Problem::field("query", rejection.body_text(), cure)
        })
    }
}

/// Takes a text out of an object: `None` when absent or null.
pub fn take_text(
    map: &mut Map<String, Value>,
    name: &'static str,
    chars_max: usize,
) -> Result<Option<String>, Problem> {
    let cure = || format!("Send a text of 1 to {chars_max} characters, or leave the field out.");
    match map.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            let length = text.chars().count();
            if (1..=chars_max).contains(&length) {
                return Ok(Some(text));
            }
            Err(Problem::field(name, format!("It has {length} characters."), cure()))
        }
        Some(other) => Err(Problem::field(name, format!("It is {}.", kind(&other)), cure())),
    }
}

/// Every field that is left is one too many: a misspelt one would be no error.
pub fn nothing_else(map: &Map<String, Value>) -> Result<(), Problem> {
    match map.keys().next() {
        Some(name) => {
            let cure = "See /docs for the fields of this address.";
            Err(Problem::field(name, "There is no such field.", cure))
        }
        None => Ok(()),
    }
}

pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The one `Idempotency-Key`: 1 to 255 visible ASCII characters.
pub fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut sent = headers.get_all("idempotency-key").iter();
    let problem = |why: &str| Problem::new(&problem::IDEMPOTENCY_KEY, why).at("Idempotency-Key");
    match (sent.next(), sent.next()) {
        (None, _) => Err(problem("The header is missing.")),
        (Some(_), Some(_)) => Err(problem("The header was sent more than once.")),
        (Some(value), None) => {
            let text = value.to_str().unwrap_or_default();
            key_shape(text).map_err(problem)?;
            Ok(text.to_owned())
        }
    }
}

/// Why a text cannot be an idempotency key.
pub fn key_shape(text: &str) -> Result<(), &'static str> {
    if !(1..=255).contains(&text.len()) {
        return Err("The key must have 1 to 255 characters.");
    }
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err("The key must hold visible ASCII characters only, without blanks.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_idempotency_key() {
        let read = |values: Vec<&[u8]>| {
            let mut headers = HeaderMap::new();
            for value in values {
                let value = http::HeaderValue::from_bytes(value).unwrap();
                headers.append("idempotency-key", value);
            }
            idempotency_key(&headers).ok()
        };
        assert_eq!(read(vec![b"a"]).as_deref(), Some("a"));
        assert_eq!(read(vec![&[b'~'; 255]]).map(|key| key.len()), Some(255));
        let table: [Vec<&[u8]>; 7] = [
            vec![],
            vec![b""],
            vec![b"a b"],
            vec![b"a\tb"],
            vec![b"\xc3\xa1"],
            vec![b"a", b"b"],
            vec![&[b'x'; 256]],
        ];
        for bad in table {
            assert_eq!(read(bad.clone()), None, "{bad:?}");
        }
    }

    #[test]
    fn bodies_that_are_no_object() {
        for (body, detail) in
            [("", "line 1, column 0"), ("[]", "not an object"), ("{\n\"a\":}", "line 2, column 5")]
        {
            let problem = object(body.as_bytes()).unwrap_err();
            assert_eq!(problem.code(), "puente.json");
            let text = serde_json::to_string(&problem).unwrap();
            assert!(text.contains(detail), "{body}: {text}");
        }
    }
}
