//! Times as the API writes them: RFC 3339, UTC, milliseconds.

use jiff::Timestamp;
use model::UnixMs;

/// `2026-11-22T15:06:40.000Z`. Times beyond the calendar are given as its edge.
pub fn text(at: UnixMs) -> String {
    let edge = if at.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
    format!("{:.3}", Timestamp::from_millisecond(at.0).unwrap_or(edge))
}

/// Reads any RFC 3339 instant; `None` for anything else.
pub fn parse(text: &str) -> Option<UnixMs> {
    text.parse::<Timestamp>().ok().map(|t| UnixMs(t.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_come_back() {
        for (ms, shown) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_795_360_000_123, "2026-11-22T15:06:40.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(text(UnixMs(ms)), shown);
            assert_eq!(parse(shown), Some(UnixMs(ms)));
        }
        assert_eq!(parse("2026-11-22T10:06:40-03:00"), Some(UnixMs(1_795_352_800_000)));
        assert_eq!(parse("tomorrow"), None);
        assert!(text(UnixMs(i64::MAX)).starts_with("9999-12-3"));
    }
}
