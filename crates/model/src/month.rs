//! A calendar month, UTC: the unit in which deliveries are counted.

use std::fmt;

use crate::UnixMs;

const DAY_MS: i64 = 86_400_000;
const YEARS: std::ops::RangeInclusive<i32> = 1970..=9999;

/// Months since January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Month {
    pub fn of(at: UnixMs) -> Self {
        // days since 0000-03-01, in eras of 400 years, so that a leap day ends its year
        let days = i64::from(at.day()) + 719_468;
        let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let from_march = (5 * day + 2) / 153;
        Self(((era * 400 + year - 1970) * 12 + from_march + 2) as i32)
    }

    /// Its first instant.
    pub fn start(self) -> UnixMs {
        let march = i64::from(self.0) + 1970 * 12 - 2;
        let (year, month) = (march.div_euclid(12), march.rem_euclid(12));
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day = of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5;
        UnixMs((era * 146_097 + day - 719_468) * DAY_MS)
    }

    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// `2026-11`; nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return None;
        }
        let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
        (YEARS.contains(&year) && (1..=12).contains(&month))
            .then(|| Self((year - 1970) * 12 + month - 1))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", 1970 + self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begin_where_the_calendar_says() {
        for (text, ms) in [
            ("1970-01", 0),
            ("1970-03", 5_097_600_000),
            ("2000-03", 951_868_800_000),
            ("2024-02", 1_706_745_600_000),
            ("2024-03", 1_709_251_200_000),
            ("2026-11", 1_793_491_200_000),
            ("2100-03", 4_107_542_400_000),
        ] {
            let month = Month::parse(text).unwrap();
            assert_eq!(month.start(), UnixMs(ms), "{text}");
            assert_eq!(month.to_string(), text);
            assert_eq!(Month::of(UnixMs(ms)), month, "{text}");
            assert_eq!(Month::of(UnixMs(ms - 1)), Month(month.0 - 1), "before {text}");
        }
    }

    #[test]
    fn every_month_ends_where_the_next_begins() {
        for n in 0..12 * 500 {
            let month = Month(n);
            assert_eq!(Month::of(month.start()), month);
            assert_eq!(Month::of(month.next().start().plus(-1)), month);
            assert_eq!(Month::parse(&month.to_string()), Some(month));
        }
    }

    #[test]
    fn what_is_no_month() {
        for text in ["", "2026", "2026-1", "2026-13", "2026-00", "1969-12", "2026-11-01", "+026-11"]
        {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }
}
