//! Values as a query writes them.

use super::ast::Literal;
use crate::time;

const DAY_MS: i64 = 86_400_000;

/// A bare word as a value; `None` when it is none.
pub fn bare(word: &str) -> Option<Literal> {
    let lower = word.to_lowercase();
    let plain = match &*lower {
        "null" => Some(Literal::Null),
        "true" => Some(Literal::Bool(true)),
        "false" => Some(Literal::Bool(false)),
        _ => None,
    };
    plain
        .or_else(|| word.parse().ok().filter(|n: &f64| n.is_finite()).map(Literal::Number))
        .or_else(|| time::parse_date(word).map(|_| Literal::Date(word.to_owned())))
        .or_else(|| time::parse_datetime(word).map(|_| Literal::DateTime(word.to_owned())))
        .or_else(|| range(&lower, 0).map(|_| Literal::Range(lower)))
}

/// First and last-but-one millisecond that a date word means, in UTC.
pub fn range(word: &str, now_ms: i64) -> Option<(i64, i64)> {
    let today = now_ms.div_euclid(DAY_MS);
    let (name, n) = word.split_once(':').unwrap_or((word, "1"));
    let n: i64 = n.parse().ok()?;
    let (from, to) = match name {
        "today" => (today, today + 1),
        "yesterday" => (today - 1, today),
        "tomorrow" => (today + 1, today + 2),
        "last_n_days" => (today - n, today + 1),
        "next_n_days" => (today + 1, today + n + 1),
        "n_days_ago" => (today - n, today - n + 1),
        _ => return None,
    };
    Some((from * DAY_MS, to * DAY_MS))
}
