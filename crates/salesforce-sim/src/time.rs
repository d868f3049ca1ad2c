//! Dates as Salesforce writes and reads them.

const DAY_MS: i64 = 86_400_000;

/// `2011-07-07T00:37:00.000+0000`: how answers show a date-time.
pub fn datetime(ms: i64) -> String {
    let (days, rest) = (ms.div_euclid(DAY_MS), ms.rem_euclid(DAY_MS));
    let (h, m, s, milli) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000);
    format!("{}T{h:02}:{m:02}:{s:02}.{milli:03}+0000", date(days))
}

/// `2011-07-07`, from days since 1970-01-01 (the civil calendar, in UTC).
pub fn date(days: i64) -> String {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Days since 1970-01-01 of `yyyy-MM-dd`.
pub fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    if !(1..=12).contains(&month) || day < 1 {
        return None;
    }
    let shifted_year = year - i64::from(month <= 2);
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    let days = era * 146_097 + of_era - 719_468;
    // A day that the month does not have comes back as another one.
    (date(days) == text).then_some(days)
}

/// Milliseconds since 1970 of `yyyy-MM-ddTHH:mm:ss[.SSS](Z|±HH:mm|±HHmm)`.
pub fn parse_datetime(text: &str) -> Option<i64> {
    let (day, clock) = text.split_once('T')?;
    let zone_at = clock.find(['Z', '+', '-'])?;
    let (clock, zone) = clock.split_at(zone_at);
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = whole.split(':');
    let (h, m, s) = (number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?);
    if parts.next().is_some() || h > 23 || m > 59 || s > 59 || !(1..=9).contains(&fraction.len()) {
        return None;
    }
    let milli = number(&format!("{fraction:0<3}")[..3])?;
    let local = parse_date(day)? * DAY_MS + (h * 3600 + m * 60 + s) * 1000 + milli;
    Some(local - offset_ms(zone)?)
}

fn offset_ms(zone: &str) -> Option<i64> {
    let sign = match zone.as_bytes().first()? {
        b'Z' if zone.len() == 1 => return Some(0),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = zone[1..].replace(':', "");
    if digits.len() != 4 {
        return None;
    }
    Some(sign * (number(&digits[..2])? * 60 + number(&digits[2..])?) * 60_000)
}

fn number(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000+0000"),
            (1_309_999_020_000, "2011-07-07T00:37:00.000+0000"),
            (1_709_208_000_123, "2024-02-29T12:00:00.123+0000"),
            (-1, "1969-12-31T23:59:59.999+0000"),
        ] {
            assert_eq!(datetime(ms), text);
            assert_eq!(parse_datetime(text), Some(ms));
        }
    }

    #[test]
    fn zones_and_fractions() {
        for text in
            ["2024-02-29T12:00:00Z", "2024-02-29T13:00:00.0+01:00", "2024-02-29T07:00:00.000-0500"]
        {
            assert_eq!(parse_datetime(text), Some(1_709_208_000_000), "{text}");
        }
        for text in [
            "2024-02-29",
            "2023-02-29T00:00:00Z",
            "2024-02-29T24:00:00Z",
            "2024-02-29T12:00:00",
            "x",
        ] {
            assert_eq!(parse_datetime(text), None, "{text}");
        }
        for text in ["2024-13-01", "2024-1-1", "20240-01-01", "2023-02-29", "2024-00-10"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
