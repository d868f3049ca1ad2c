//! Which row of the table an answer is.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use model::{Act, Code, Fault, Lost, Scope, Stage};
use serde::Deserialize as _;
use serde_json::Value;

use super::row::Hint;
use super::{ApiError, Clue, DuplicateResult, ROWS, Refusal, Row, words};

/// An answer that is no success, from a call of its own.
pub fn of_answer(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Box<Refusal> {
    let json = serde_json::from_slice(body).unwrap_or_else(|_| bare_code(body));
    let mut refusal = judge(status.as_u16(), &json);
    let hint = headers
        .get(header::RETRY_AFTER)
        .and_then(|v| v.to_str().ok()?.trim().parse().ok())
        .map(Duration::from_secs);
    if let (Act::Retry { after }, Some(hint)) = (&mut refusal.fault.act, hint) {
        *after = Some(after.map_or(hint, |after| after.max(hint)));
    }
    refusal
}

/// An answer that is no success, its body read: `[{errorCode, message}]`, one
/// such object, or anything else for an answer without a code.
pub(crate) fn judge(status: u16, body: &Value) -> Box<Refusal> {
    let first = body.get(0).unwrap_or(body);
    if let Ok(error) = ApiError::deserialize(first)
        && !error.code.is_empty()
    {
        return Box::new(of_error(&error, Some(status)));
    }
    let message = format!("HTTP {status} without an error code");
    let row = named(by_status(status));
    Box::new(refusal(row, &ApiError { message, ..ApiError::default() }))
}

/// One error of Salesforce's. `status` is the HTTP status of the answer it is
/// the whole of; `None` for an item of a collection.
pub fn of_error(error: &ApiError, status: Option<u16>) -> Refusal {
    match row(&error.code, &error.message) {
        Some(row) => refusal(row, error),
        None => Refusal {
            fault: stranger(error, status, words::safe(&error.code, &error.message)),
            fields: error.fields.clone(),
            clue: Clue::None,
        },
    }
}

fn refusal(row: &Row, error: &ApiError) -> Refusal {
    let clue = match row.hint {
        Hint::None | Hint::Halted => Clue::None,
        Hint::SmallerBatch => Clue::SmallerBatch,
        Hint::Exists => words::duplicate_id(&error.message).map_or(Clue::None, Clue::Exists),
        Hint::ParentMissing => Clue::ParentMissing,
        Hint::Gone => Clue::Gone,
        Hint::Converted => Clue::Converted,
        Hint::Duplicates => Clue::Duplicates(DuplicateResult::read(
            error.duplicate_result.as_ref().unwrap_or(&Value::Null),
        )),
    };
    let detail = words::safe(row.code, &error.message);
    Refusal { fault: row.fault(code(row.code), detail), fields: error.fields.clone(), clue }
}

/// No answer at all.
pub fn of_loss(lost: Lost) -> Fault {
    let row = named(match lost {
        Lost::BeforeWrite | Lost::Barred => "LOST_BEFORE_WRITE",
        Lost::AfterWrite => "LOST_AFTER_WRITE",
    });
    row.fault(code(row.code), lost.to_string())
}

/// A smaller batch may pass, or shows which record is at fault. For faults of a
/// whole call; a record's own says so by [`Clue::SmallerBatch`].
pub fn bisects(fault: &Fault) -> bool {
    of_fault(fault).is_some_and(|row| row.hint == Hint::SmallerBatch)
}

/// Another transaction held the record or its parent for too long, also when a
/// trigger or a flow says so.
pub fn is_lock(fault: &Fault) -> bool {
    let locked = |row: &Row| row.code == "UNABLE_TO_LOCK_ROW" || row.variant == "locked";
    of_fault(fault).is_some_and(locked)
}

pub(crate) fn not_understood(detail: String) -> Fault {
    named("NOT_UNDERSTOOD").fault(Code::new("sf.NOT_UNDERSTOOD"), detail)
}

/// Salesforce did not try this one because of another.
pub(crate) fn is_halted(refusal: &Refusal) -> bool {
    of_fault(&refusal.fault).is_some_and(|row| row.hint == Hint::Halted)
}

/// A code that the table does not have: a refusal, unless the HTTP status says
/// that nobody knows.
fn stranger(error: &ApiError, status: Option<u16>, detail: String) -> Fault {
    let code = Code(format!("sf.{}", error.code).into());
    match status.filter(|status| !matches!(status, 400 | 403)) {
        Some(status) => named(by_status(status)).fault(code, detail),
        None => Fault {
            act: Act::Reject,
            scope: Scope::Item,
            stage: Stage::Answered,
            code,
            detail,
            cure: "look the code up in Salesforce's list of status codes, correct it, then replay"
                .into(),
        },
    }
}

/// The row for an answer whose body has no code, or one that is not known.
fn by_status(status: u16) -> &'static str {
    match status {
        300 => "DUPLICATE_EXTERNAL_ID",
        401 => "HTTP_401",
        403 => "FORBIDDEN",
        404 => "NOT_FOUND",
        405 => "METHOD_NOT_ALLOWED",
        409 => "HTTP_409",
        410 => "UNSUPPORTED_API_VERSION",
        412 => "HTTP_412",
        414 => "HTTP_414",
        415 => "UNSUPPORTED_MEDIA_TYPE",
        420 => "HTTP_420",
        428 => "HTTP_428",
        431 => "HTTP_431",
        500..=599 => "HTTP_5XX",
        _ => "NOT_UNDERSTOOD",
    }
}

/// `Bad_OAuth_Token`: a body that is a code and nothing else.
fn bare_code(body: &[u8]) -> Value {
    let text = std::str::from_utf8(body).unwrap_or_default().trim();
    if ROWS.iter().any(|row| row.code == text) {
        serde_json::json!([{ "errorCode": text }])
    } else {
        Value::Null
    }
}

/// The row that a fault was made from.
fn of_fault(fault: &Fault) -> Option<&'static Row> {
    row(fault.code.as_str().strip_prefix("sf.")?, &fault.detail)
}

/// The general row of a code that the table has; else its last row.
fn named(code: &str) -> &'static Row {
    row(code, "").unwrap_or(&ROWS[ROWS.len() - 1])
}

fn row(code: &str, message: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.code == code && row.matches(message))
}

fn code(name: &'static str) -> Code {
    Code(format!("sf.{name}").into())
}
