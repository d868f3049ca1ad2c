//! What becomes of a member whose message failed.

use model::{Chance, UnixMs};

use super::hours::Hours;
use super::watch::Halt;

pub(super) const DAY_MS: i64 = 86_400_000;
/// Those whom Meta held back in one hour are not all tried in one.
const SPREAD_MS: u64 = 2 * 3_600_000;
/// So often a message that Meta held back is tried again.
pub const HOLDS_MAX: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// At the time of [`retry_at`].
    Retry,
    /// This person gets nothing of this campaign; the others do.
    Fail,
    /// And no marketing at all: they said so to Meta.
    OptOut,
    /// It would be alike for everybody.
    Halt(Halt),
}

/// By Meta's code (Cloud API, error codes). `holds`: how often this member was
/// held back before.
pub fn after_failure(code: u32, holds: u32) -> Then {
    match code {
        131049 if holds < HOLDS_MAX => Then::Retry,
        131050 => Then::OptOut,
        131063 => Then::Halt(Halt::MarketingElsewhere),
        131042 => Then::Halt(Halt::Payment),
        131048 => Then::Halt(Halt::Spam),
        131064 => Then::Halt(Halt::Classified),
        132001 | 132015 | 132016 => Then::Halt(Halt::Template),
        131031 | 368 => Then::Halt(Halt::Restricted),
        _ => Then::Fail,
    }
}

/// When a message that Meta held back at `failed_at` is tried again: not within
/// a day, then after two days and four, when the hours are open. `None`: not
/// before the campaign ends, or not again at all.
pub fn retry_at(
    holds: u32,
    failed_at: UnixMs,
    hours: &Hours,
    ends_at: Option<UnixMs>,
    chance: &dyn Chance,
) -> Option<UnixMs> {
    if holds >= HOLDS_MAX {
        return None;
    }
    let gap = DAY_MS << holds;
    let at = failed_at.plus(gap).plus(chance.below(SPREAD_MS) as i64);
    hours.opens_at(at).filter(|at| ends_at.is_none_or(|end| *at < end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::hours::Quiet;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    struct Fixed(u64);
    impl Chance for Fixed {
        fn fill(&self, out: &mut [u8]) {
            let bytes = self.0.to_le_bytes();
            out.iter_mut().zip(bytes.iter().cycle()).for_each(|(o, b)| *o = *b);
        }
    }

    #[test]
    fn each_failure_has_its_consequence() {
        for (code, holds, then) in [
            (131049, 0, Then::Retry),
            (131049, 2, Then::Retry),
            (131049, 3, Then::Fail),
            (131050, 0, Then::OptOut),
            (131026, 0, Then::Fail),
            (130472, 0, Then::Fail),
            (131063, 0, Then::Halt(Halt::MarketingElsewhere)),
            (131042, 0, Then::Halt(Halt::Payment)),
            (131048, 0, Then::Halt(Halt::Spam)),
            (131064, 0, Then::Halt(Halt::Classified)),
            (132015, 0, Then::Halt(Halt::Template)),
            (368, 0, Then::Halt(Halt::Restricted)),
        ] {
            assert_eq!(after_failure(code, holds), then, "{code} {holds}");
        }
    }

    #[test]
    fn held_back_waits_a_day_then_two_then_four() {
        let hours = Hours::always(TimeZone::UTC);
        let at = |holds, ends| retry_at(holds, UnixMs(0), &hours, ends, &Fixed(0));
        assert_eq!(
            [0, 1, 2, 3].map(|holds| at(holds, None)),
            [Some(UnixMs(DAY_MS)), Some(UnixMs(2 * DAY_MS)), Some(UnixMs(4 * DAY_MS)), None]
        );
        assert_eq!(at(0, Some(UnixMs(DAY_MS))), None, "the campaign has ended");
        assert_eq!(at(0, Some(UnixMs(DAY_MS + 1))), Some(UnixMs(DAY_MS)));
        assert_eq!(at(u32::MAX, None), None);
    }

    proptest! {
        #[test]
        fn never_within_a_day_never_in_quiet_hours_never_beyond_the_end(
            holds in 0u32..6,
            failed in 0i64..2_000_000_000_000,
            chance in any::<u64>(),
            life in 0i64..20 * DAY_MS,
        ) {
            let zone = TimeZone::get("America/Santiago").unwrap();
            let quiet = Quiet::parse("20:00-09:00").ok();
            let hours = Hours { quiet, ..Hours::always(zone) };
            let (failed, end) = (UnixMs(failed), UnixMs(failed + life));
            if let Some(at) = retry_at(holds, failed, &hours, Some(end), &Fixed(chance)) {
                prop_assert!(at.since(failed) >= DAY_MS << holds);
                prop_assert!(hours.is_open(at) && at < end);
            }
        }
    }
}
