//! Days of a tenant's time zone.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use model::UnixMs;

/// A time zone by its IANA name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Zone {
    /// `America/Bogota`; `None` when there is no zone of that name.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

/// Days since 1970-01-01, as a calendar on the wall counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// From its first instant to the first one after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: UnixMs,
    pub until: UnixMs,
}

impl Span {
    pub fn holds(&self, at: UnixMs) -> bool {
        self.from <= at && at < self.until
    }
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

impl Day {
    pub fn of(at: UnixMs, zone: &Zone) -> Self {
        let at = Timestamp::from_millisecond(at.0).unwrap_or_default();
        Self::from_date(at.to_zoned(zone.0.clone()).date())
    }

    /// `2026-11-26`; nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let date = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten()?;
        Some(Self::from_date(date))
    }

    /// A day on which a clock is set has another length than others.
    pub fn span(self, zone: &Zone) -> Span {
        Span { from: self.start(zone), until: self.plus(1).start(zone) }
    }

    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    fn from_date(date: Date) -> Self {
        let days = EPOCH.until(date).map(|span| span.get_days()).unwrap_or_default();
        Self(days)
    }

    fn date(self) -> Date {
        EPOCH.checked_add(self.0.days()).unwrap_or(EPOCH)
    }

    fn start(self, zone: &Zone) -> UnixMs {
        let midnight = self.date().to_zoned(zone.0.clone());
        UnixMs(midnight.map(|at| at.timestamp().as_millisecond()).unwrap_or_default())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_day_is_one_of_its_zone() {
        for (zone, day, hours) in [
            ("UTC", "2026-11-26", 24),
            ("America/Bogota", "2026-11-26", 24),
            ("America/Santiago", "2026-09-06", 23),
            ("America/Santiago", "2026-04-04", 25),
            ("Europe/Madrid", "2026-10-25", 25),
        ] {
            let zone = Zone::named(zone).unwrap();
            let day = Day::parse(day).unwrap();
            let span = day.span(&zone);
            assert_eq!(span.until.since(span.from), hours * HOUR, "{} {day}", zone.name());
            for (at, of) in
                [(span.from, day), (span.until.plus(-1), day), (span.until, day.plus(1))]
            {
                assert_eq!(Day::of(at, &zone), of, "{} {day}", zone.name());
            }
        }
        let bogota = Zone::named("America/Bogota").unwrap();
        assert_eq!(Day::parse("1970-01-02").unwrap().span(&bogota).from, UnixMs(29 * HOUR));
    }

    #[test]
    fn what_is_no_day_and_no_zone() {
        for text in ["", "2026-02-30", "2026-1-1", "2026-11-26T00:00", "hoy"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        assert_eq!(Day::parse("2026-11-26").unwrap().to_string(), "2026-11-26");
        assert_eq!(Zone::named("America/Nowhere"), None);
        assert_eq!(Zone::default().name(), "UTC");
    }

    proptest! {
        #[test]
        fn days_leave_no_gap(n in -1_000..40_000i32, zone in 0..4usize) {
            let zone = ["UTC", "America/Mexico_City", "Africa/Cairo", "Asia/Kathmandu"][zone];
            let zone = Zone::named(zone).unwrap();
            let span = Day(n).span(&zone);
            prop_assert_eq!(span.until, Day(n).plus(1).span(&zone).from);
            prop_assert_eq!(Day::of(span.from, &zone), Day(n));
            prop_assert_eq!(Day::parse(&Day(n).to_string()), Some(Day(n)));
        }
    }
}
