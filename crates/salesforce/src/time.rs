//! Date-times on the wire. Salesforce answers `2011-07-07T00:37:00.000+0000`
//! (offset without a colon) and takes `2011-07-07T00:37:00.000Z` (REST API,
//! valid date and datetime formats).

use jiff::Timestamp;
use model::UnixMs;

/// 1700-01-01 and 4000-12-31T23:59:59.999Z: what a date-time field can hold.
const FIRST: i64 = -8_520_336_000_000;
const LAST: i64 = 64_092_211_199_999;

/// Milliseconds and `Z`. A time outside of what Salesforce can hold becomes the
/// nearest one that it can.
pub fn to_text(at: UnixMs) -> String {
    Timestamp::from_millisecond(at.0.clamp(FIRST, LAST))
        .map(|at| at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
        .unwrap_or_default()
}

/// Reads either form of the offset. `None` for a date without a time, a time
/// without an offset, and anything else.
pub fn parse(text: &str) -> Option<UnixMs> {
    text.parse::<Timestamp>().ok().map(|at| UnixMs(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_offset_forms_are_one_time() {
        let want = Some(UnixMs(1_309_999_020_000));
        for text in [
            "2011-07-07T00:37:00.000+0000",
            "2011-07-07T00:37:00.000Z",
            "2011-07-07T00:37:00Z",
            "2011-07-06T20:37:00.000-04:00",
            "2011-07-06T20:37:00.000-0400",
            "2011-07-07T06:07:00.000+0530",
        ] {
            assert_eq!(parse(text), want, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "2011-07-07", "2011-07-07T00:37:00", "yesterday", "1309999020000"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn far_times_stay_within_what_a_field_holds() {
        assert_eq!(to_text(UnixMs(i64::MIN)), "1700-01-01T00:00:00.000Z");
        assert_eq!(to_text(UnixMs(i64::MAX)), "4000-12-31T23:59:59.999Z");
    }

    proptest! {
        #[test]
        fn every_time_comes_back(ms in FIRST..=LAST) {
            prop_assert_eq!(parse(&to_text(UnixMs(ms))), Some(UnixMs(ms)));
        }
    }
}
