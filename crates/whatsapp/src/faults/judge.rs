//! One error, one decision.

use std::borrow::Cow;

use model::{Act, Code, Fault, Lost, Stage};
use serde_json::Value;

use super::row::{Class, Row};
use super::special::{NO_ANSWER, NO_CONNECTION, UNLISTED, unreadable};
use super::{table, words};
use crate::wire::lenient::{self, as_int};
use crate::wire::webhook::WireError;

/// Judges an answer that is not a success: Meta's error in `body`, or none.
pub fn judge(status: u16, body: &[u8]) -> Fault {
    let parsed = std::str::from_utf8(body).ok().and_then(|text| lenient::value_of(text).ok());
    let error = parsed.as_ref().and_then(|value| value.get("error")).filter(|e| e.is_object());
    let Some((error, code)) = error.and_then(|e| Some((e, e.get("code").and_then(as_int)?))) else {
        return unreadable(status);
    };
    let mut fault = of_row(find(code, error), code, &words::of(error));
    if status >= 500 {
        fault.stage = Stage::Unknown;
        if let Act::Reject | Act::Retry { .. } = fault.act {
            fault.act = Act::Retry { after: None };
        }
    }
    fault
}

/// Judges an exchange that brought no answer.
pub fn judge_lost(lost: Lost) -> Fault {
    match lost {
        Lost::BeforeWrite | Lost::Barred => NO_CONNECTION.fault(""),
        Lost::AfterWrite => NO_ANSWER.fault(""),
    }
}

/// Judges an error that came by webhook, after Meta had accepted: the outcome
/// is known, and nothing is resent by itself. `said` holds Meta's words.
pub fn judge_async(code: i64, said: &str) -> Fault {
    let mut fault = of_row(table::row(code), code, &words::clean(said));
    fault.stage = Stage::Answered;
    if let Act::Retry { .. } = fault.act {
        fault.act = Act::Reject;
    }
    fault
}

/// The same for an error of a webhook as it was read; one without a code is
/// `wa.unlisted`, never code 0.
pub fn judge_error(error: &WireError) -> Fault {
    match error.code {
        Some(code) => judge_async(code, error.words()),
        None => UNLISTED.fault(&words::clean(error.words())),
    }
}

/// Template and number calls answer with a general code and the exact one in
/// `error_subcode`.
fn find(code: i64, error: &Value) -> Option<&'static Row> {
    let subcode = error.get("error_subcode").and_then(as_int).unwrap_or(0);
    let exact = subcode >= 1_000_000 && matches!(code, 100 | 192 | 80008 | 200_002);
    exact.then(|| table::row(subcode)).flatten().or_else(|| table::row(code))
}

fn of_row(row: Option<&'static Row>, code: i64, said: &str) -> Fault {
    let Some(row) = row else {
        let said = if said.is_empty() { format!("({code})") } else { format!("({code}) {said}") };
        return UNLISTED.fault(&said);
    };
    Fault {
        act: row.class.act(),
        scope: row.scope,
        stage: Class::stage(row.class),
        code: Code::new(row.name),
        detail: match said {
            "" => row.cause.to_owned(),
            said => format!("{} Meta said: {said}", row.cause),
        },
        cure: Cow::Borrowed(row.cure),
    }
}
