//! When one person may be written to.

use model::UnixMs;

use super::cap::Cap;
use super::hours::Hours;

/// The first moment from `now` on within the person's hours and cap. `sent`:
/// when they were sent marketing; no cap holds for what is no marketing. `None`:
/// not before the campaign ends.
pub fn due_at(
    now: UnixMs,
    hours: &Hours,
    cap: Option<Cap>,
    sent: &[UnixMs],
    ends_at: Option<UnixMs>,
) -> Option<UnixMs> {
    let free = cap.map_or(now, |cap| cap.free_at(sent, now));
    hours.opens_at(free).filter(|at| ends_at.is_none_or(|end| *at < end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Quiet;
    use jiff::tz::TimeZone;

    #[test]
    fn hours_and_cap_hold_together() {
        let at = |hours: i64| UnixMs(hours * 3_600_000);
        let quiet = Quiet::parse("20:00-08:00").ok();
        let hours = Hours { quiet, ..Hours::always(TimeZone::UTC) };
        let cap = Cap::new(1, 1).ok();
        for (now, cap, sent, end, due) in [
            (10, cap, None, None, Some(10)),
            (21, cap, None, None, Some(32)),
            // free at 10 of the next day; free in the night
            (12, cap, Some(10), None, Some(34)),
            (12, cap, Some(-12), None, Some(12)),
            (12, cap, Some(0), None, Some(32)),
            (12, None, Some(10), None, Some(12)),
            (21, cap, None, Some(32), None),
            (21, cap, None, Some(33), Some(32)),
        ] {
            let sent: Vec<_> = sent.into_iter().map(at).collect();
            let found = due_at(at(now), &hours, cap, &sent, end.map(at));
            assert_eq!(found, due.map(at), "{now} {sent:?} {end:?}");
        }
    }
}
