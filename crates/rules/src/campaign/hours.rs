//! When people may be written to: days of the week and quiet hours, by the
//! clock on their wall.

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousTimestamp, TimeZone};
use jiff::{Timestamp, ToSpan};
use model::UnixMs;

/// Longer than any pause that a plan can say: a week without the only day,
/// and a day that a zone skipped.
const DAYS_LOOKED: usize = 16;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// From `from` until just before `to`; over midnight when `to` is earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    from: Time,
    to: Time,
}

impl Quiet {
    /// `21:00-08:00`. The error is why and cure.
    pub fn parse(text: &str) -> Result<Self, (String, String)> {
        let cure = || "write it as HH:MM-HH:MM, for instance 21:00-08:00".to_owned();
        let no = || (format!("'{text}' is no time of the day with its end"), cure());
        let (from, to) = text.split_once('-').ok_or_else(no)?;
        let time = |text: &str| {
            let text = text.trim();
            (text.len() == 5).then(|| Time::strptime("%H:%M", text).ok()).flatten()
        };
        let (from, to) = time(from).zip(time(to)).ok_or_else(no)?;
        if from == to {
            let why = format!("quiet hours '{text}' leave nothing, or nothing is quiet");
            return Err((why, "leave them out, or write two different times".to_owned()));
        }
        Ok(Self { from, to })
    }

    fn holds(self, at: Time) -> bool {
        if self.from < self.to {
            (self.from..self.to).contains(&at)
        } else {
            at >= self.from || at < self.to
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    pub zone: TimeZone,
    pub quiet: Option<Quiet>,
    /// From Monday. With none of them nobody is ever written to.
    pub days: [bool; 7],
}

impl Hours {
    /// As a plan says them: the name of a zone, `21:00-08:00`, and days from
    /// `mon` to `sun`; none of them for all. The error is field, why and cure.
    pub fn read(
        zone: &str,
        quiet: Option<&str>,
        days: &[String],
    ) -> Result<Self, (&'static str, String, String)> {
        let time_zone = TimeZone::get(zone).map_err(|_| {
            let why = format!("there is no time zone '{zone}'");
            ("zone", why, "write one of the zone database, for instance America/Bogota".to_owned())
        })?;
        let mut hours = Self::always(time_zone);
        hours.quiet = match quiet {
            Some(text) => Some(Quiet::parse(text).map_err(|(why, cure)| ("quiet", why, cure))?),
            None => None,
        };
        if !days.is_empty() {
            hours.days = DAYS.map(|day| days.iter().any(|word| word == day));
            if let Some(other) = days.iter().find(|word| !DAYS.contains(&word.as_str())) {
                let cure = format!("write some of {}", DAYS.join(", "));
                return Err(("days", format!("'{other}' is no day"), cure));
            }
        }
        Ok(hours)
    }

    /// Every day, at any time.
    pub fn always(zone: TimeZone) -> Self {
        Self { zone, quiet: None, days: [true; 7] }
    }

    /// The same hours on the wall of somebody who lives elsewhere.
    pub fn elsewhere(&self, zone: TimeZone) -> Self {
        Self { zone, ..self.clone() }
    }

    pub fn is_open(&self, at: UnixMs) -> bool {
        let Ok(at) = Timestamp::from_millisecond(at.0) else { return false };
        let local = self.zone.to_datetime(at);
        let day = local.weekday().to_monday_zero_offset() as usize;
        self.days[day] && !self.quiet.is_some_and(|quiet| quiet.holds(local.time()))
    }

    /// The first moment from `now` on that is open; `None`: there is none.
    pub fn opens_at(&self, now: UnixMs) -> Option<UnixMs> {
        self.turn(now, true)
    }

    /// The first moment from `now` on that is not open; `None`: it is open for
    /// longer than a fortnight.
    pub fn closes_at(&self, now: UnixMs) -> Option<UnixMs> {
        self.turn(now, false)
    }

    /// It can turn only at a boundary by the wall, or where the wall's clock is
    /// moved; those are tried in their order.
    fn turn(&self, now: UnixMs, open: bool) -> Option<UnixMs> {
        if self.is_open(now) == open {
            return Some(now);
        }
        let at = Timestamp::from_millisecond(now.0).ok()?;
        let mut day = self.zone.to_datetime(at).date();
        for _ in 0..DAYS_LOOKED {
            let turns = self.boundaries(day);
            let found = turns.into_iter().find(|at| *at > now && self.is_open(*at) == open);
            if found.is_some() {
                return found;
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }

    fn boundaries(&self, day: Date) -> Vec<UnixMs> {
        let times = [Some(Time::midnight()), self.quiet.map(|q| q.from), self.quiet.map(|q| q.to)];
        let ms = |at: Timestamp| UnixMs(at.as_millisecond());
        let wall = |time: Time| self.zone.to_ambiguous_timestamp(day.to_datetime(time));
        // an hour that comes twice has its boundary twice
        let both = |at: AmbiguousTimestamp| [at.earlier(), at.later()];
        let mut turns: Vec<_> = times
            .into_iter()
            .flatten()
            .flat_map(|time| both(wall(time)))
            .flatten()
            .map(ms)
            .collect();
        let ends = day.checked_add(1.day()).unwrap_or(day).to_datetime(Time::midnight());
        if let (Ok(begin), Ok(end)) =
            (wall(Time::midnight()).earlier(), self.zone.to_ambiguous_timestamp(ends).later())
        {
            let moved = self.zone.following(begin).map(|moved| moved.timestamp());
            turns.extend(moved.take_while(|at| *at <= end).map(ms));
        }
        turns.sort();
        turns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE_MS: i64 = 60_000;

    fn hours(zone: &str, quiet: &str, days: [bool; 7]) -> Hours {
        let quiet = (!quiet.is_empty()).then(|| Quiet::parse(quiet).unwrap());
        Hours { zone: TimeZone::get(zone).unwrap(), quiet, days }
    }

    fn at(text: &str) -> UnixMs {
        UnixMs(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    const DAILY: [bool; 7] = [true; 7];
    const WEEKDAYS: [bool; 7] = [true, true, true, true, true, false, false];

    #[test]
    fn hours_are_read_as_a_plan_says_them() {
        let read = |zone: &str, quiet, days: &[&str]| {
            let days: Vec<_> = days.iter().map(|day| (*day).to_owned()).collect();
            Hours::read(zone, quiet, &days)
        };
        let hours = read("America/Bogota", Some("21:00-08:00"), &["mon", "sun"]).unwrap();
        assert_eq!(hours.days, [true, false, false, false, false, false, true]);
        assert_eq!(hours.quiet, Some(Quiet::parse("21:00-08:00").unwrap()));
        assert_eq!(read("UTC", None, &[]).unwrap().days, [true; 7]);
        for (zone, quiet, days, field) in [
            ("Bogota", None, &[][..], "zone"),
            ("UTC", Some("night"), &[][..], "quiet"),
            ("UTC", None, &["monday"][..], "days"),
        ] {
            assert_eq!(read(zone, quiet, days).unwrap_err().0, field);
        }
    }

    #[test]
    fn it_opens_and_closes_by_the_wall() {
        for (zone, quiet, days, now, opens, closes) in [
            // in the night, in the morning, at the very minute
            (
                "America/Mexico_City",
                "21:00-08:00",
                DAILY,
                "2026-12-01T05:00Z",
                "2026-12-01T14:00Z",
                "2026-12-01T05:00Z",
            ),
            (
                "America/Mexico_City",
                "21:00-08:00",
                DAILY,
                "2026-12-01T14:00Z",
                "2026-12-01T14:00Z",
                "2026-12-02T03:00Z",
            ),
            (
                "America/Mexico_City",
                "21:00-08:00",
                DAILY,
                "2026-12-02T03:00Z",
                "2026-12-02T14:00Z",
                "2026-12-02T03:00Z",
            ),
            // a siesta
            (
                "Europe/Madrid",
                "14:00-16:00",
                DAILY,
                "2026-06-01T12:30Z",
                "2026-06-01T14:00Z",
                "2026-06-01T12:30Z",
            ),
            // Friday evening to Monday morning
            (
                "America/Sao_Paulo",
                "20:00-09:00",
                WEEKDAYS,
                "2026-11-27T23:30Z",
                "2026-11-30T12:00Z",
                "2026-11-27T23:30Z",
            ),
            (
                "America/Sao_Paulo",
                "",
                WEEKDAYS,
                "2026-11-28T12:00Z",
                "2026-11-30T03:00Z",
                "2026-11-28T12:00Z",
            ),
            // the hour that is skipped (Madrid, 29 March 2026, 02:00) and the one
            // that comes twice (New York, 1 November 2026, 01:00-02:00)
            (
                "Europe/Madrid",
                "00:00-02:30",
                DAILY,
                "2026-03-29T00:00Z",
                "2026-03-29T01:00Z",
                "2026-03-29T00:00Z",
            ),
            (
                "America/New_York",
                "22:00-01:30",
                DAILY,
                "2026-11-01T05:00Z",
                "2026-11-01T05:30Z",
                "2026-11-01T05:00Z",
            ),
            (
                "America/New_York",
                "22:00-01:30",
                DAILY,
                "2026-11-01T05:45Z",
                "2026-11-01T05:45Z",
                "2026-11-01T06:00Z",
            ),
        ] {
            let plan = hours(zone, quiet, days);
            assert_eq!(plan.opens_at(at(now)), Some(at(opens)), "{zone} {quiet} {now} opens");
            assert_eq!(plan.closes_at(at(now)), Some(at(closes)), "{zone} {quiet} {now} closes");
        }
    }

    #[test]
    fn always_never_closes_and_no_day_never_opens() {
        let now = at("2026-12-01T05:00Z");
        assert_eq!(hours("America/Santiago", "", DAILY).closes_at(now), None);
        assert_eq!(hours("America/Santiago", "", [false; 7]).opens_at(now), None);
    }

    #[test]
    fn the_same_hours_elsewhere() {
        let mexico = hours("America/Mexico_City", "21:00-08:00", DAILY);
        let tijuana = mexico.elsewhere(TimeZone::get("America/Tijuana").unwrap());
        let now = at("2026-12-01T14:30Z");
        assert!(mexico.is_open(now) && !tijuana.is_open(now));
    }

    #[test]
    fn quiet_hours_are_read_strictly() {
        for (text, words) in [
            ("", "HH:MM-HH:MM"),
            ("21:00", "HH:MM-HH:MM"),
            ("9:00-10:00", "HH:MM-HH:MM"),
            ("21:00-24:30", "HH:MM-HH:MM"),
            ("08:00-08:00", "two different times"),
        ] {
            let (why, cure) = Quiet::parse(text).unwrap_err();
            assert!(why.contains(text) && cure.contains(words), "{text}: {why}; {cure}");
        }
    }

    proptest! {
        /// The answer is the first minute that is open, as if all were tried,
        /// also around days on which clocks are moved.
        #[test]
        fn the_first_open_minute_and_no_later(
            zone in prop_oneof![
                Just("Europe/Madrid"), Just("America/Santiago"), Just("America/Havana"),
                Just("America/New_York"), Just("Australia/Lord_Howe"), Just("Asia/Kolkata"),
            ],
            (from, to) in (0..1440u32, 0..1440u32).prop_filter("two times", |(a, b)| a != b),
            days in proptest::collection::vec(any::<bool>(), 7),
            minute in 0..525_600i64,
        ) {
            let clock = |m: u32| format!("{:02}:{:02}", m / 60, m % 60);
            let mut week = [true; 7];
            week.copy_from_slice(&days);
            let plan = hours(zone, &format!("{}-{}", clock(from), clock(to)), week);
            let now = at("2026-01-01T00:00Z").plus(minute * MINUTE_MS);
            let tried = (0..20_000).map(|n| now.plus(n * MINUTE_MS));
            prop_assert_eq!(plan.opens_at(now), tried.clone().find(|at| plan.is_open(*at)));
            prop_assert_eq!(plan.closes_at(now), tried.clone().find(|at| !plan.is_open(*at)));
        }
    }
}
