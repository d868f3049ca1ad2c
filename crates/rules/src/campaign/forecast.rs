//! When a campaign would end: by its pace, its hours and the portfolio's tier.

use std::collections::VecDeque;

use model::UnixMs;

use super::hours::Hours;
use super::tier::{Counted, DAY_MS, Tier};

/// Nobody plans for longer.
const AHEAD_MS: i64 = 366 * DAY_MS;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Still to be written to.
    pub people: u64,
    /// [`super::Room::rate`]
    pub per_second: i64,
    pub tier: Tier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    pub ends_at: UnixMs,
    /// The tier, and not the pace, says when.
    pub by_tier: bool,
}

/// `counted`: who counts against the tier now, oldest first. Each person of the
/// campaign counts, so the end is none too early. `None`: not within a year.
pub fn forecast(
    load: &Load,
    hours: &Hours,
    counted: &[Counted],
    starts_at: UnixMs,
) -> Option<Outlook> {
    let (mut now, mut left, mut by_tier) = (starts_at, load.people, false);
    let rate = load.per_second.max(1);
    let mut counted: VecDeque<Counted> = counted.iter().copied().collect();
    while left > 0 {
        now = hours.opens_at(now).filter(|at| at.since(starts_at) < AHEAD_MS)?;
        let closes = hours.closes_at(now).unwrap_or(UnixMs(i64::MAX));
        while counted.front().is_some_and(|c| c.at.plus(DAY_MS) <= now) {
            counted.pop_front();
        }
        let room = load.tier.left(counted.make_contiguous(), now);
        if room == Some(0) {
            by_tier = true;
            now = counted.front()?.at.plus(DAY_MS);
            continue;
        }
        // a message at least, however soon it closes
        let fit = (closes.since(now).saturating_mul(rate) / 1_000).max(1) as u64;
        let people = left.min(fit).min(room.unwrap_or(u64::MAX));
        let took = people.saturating_mul(1_000).div_ceil(rate as u64);
        let end = now.plus(took.min(AHEAD_MS as u64) as i64);
        left -= people;
        now = end;
        counted.push_back(Counted { at: end, people });
    }
    Some(Outlook { ends_at: now, by_tier })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::hours::Quiet;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    const HOUR_MS: i64 = 3_600_000;

    fn days() -> Hours {
        Hours { quiet: Quiet::parse("20:00-08:00").ok(), ..Hours::always(TimeZone::UTC) }
    }

    #[test]
    fn pace_hours_and_tier_say_when() {
        let always = Hours::always(TimeZone::UTC);
        let at = |hours: i64| UnixMs(hours * HOUR_MS);
        let load = |people, per_second, tier| Load { people, per_second, tier };
        for (load, hours, counted, start, end, by_tier) in [
            (load(0, 72, Tier::LEAST), &always, vec![], 9, at(9), false),
            (load(3_600, 1, Tier::Unlimited), &always, vec![], 9, at(10), false),
            // from the evening over the night
            (load(7_200, 1, Tier::Unlimited), &days(), vec![], 19, at(33), false),
            (load(3_600, 1, Tier::Unlimited), &days(), vec![], 22, at(33), false),
            // the tier is used up: the second half a day after the first
            (load(500, 10, Tier::People(250)), &always, vec![], 9, at(33).plus(50_000), true),
            // others used it before
            (
                load(250, 10, Tier::People(250)),
                &always,
                vec![Counted { at: at(0), people: 250 }],
                9,
                at(24).plus(25_000),
                true,
            ),
        ] {
            let outlook = forecast(&load, hours, &counted, at(start));
            assert_eq!(outlook, Some(Outlook { ends_at: end, by_tier }), "{load:?}");
        }
    }

    #[test]
    fn what_never_ends_has_no_end() {
        let load = Load { people: 100_000, per_second: 80, tier: Tier::LEAST };
        assert_eq!(forecast(&load, &Hours::always(TimeZone::UTC), &[], UnixMs(0)), None);
        let never = Hours { days: [false; 7], ..Hours::always(TimeZone::UTC) };
        let one = Load { people: 1, ..load };
        assert_eq!(forecast(&one, &never, &[], UnixMs(0)), None);
        let none = Load { tier: Tier::People(0), ..one };
        assert_eq!(forecast(&none, &days(), &[], UnixMs(0)), None);
    }

    proptest! {
        /// Not before the pace alone would end it, not before the tier alone
        /// would, and never earlier for more people.
        #[test]
        fn never_too_early_and_more_people_take_longer(
            people in 1u64..20_000, more in 0u64..5_000, per_second in 1i64..100,
            tier in 250u64..3_000, start in 0i64..48 * HOUR_MS,
        ) {
            let load = Load { people, per_second, tier: Tier::People(tier) };
            let end = |load: &Load| forecast(load, &days(), &[], UnixMs(start)).map(|o| o.ends_at);
            let ends = end(&load).unwrap();
            let took = ends.since(UnixMs(start));
            prop_assert!(took >= (people * 1_000 / per_second as u64) as i64);
            prop_assert!(took >= ((people - 1) / tier) as i64 * DAY_MS);
            let larger = Load { people: people + more, ..load };
            prop_assert!(end(&larger).unwrap() >= ends);
        }
    }
}
