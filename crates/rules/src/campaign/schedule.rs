//! The time at which a campaign begins, as a person writes it.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::UnixMs;

/// `2026-12-01T09:00` on the wall of `zone`, by its name (`America/Bogota`). A
/// time that the clock skips is as much later; of one that comes twice the first
/// is meant. The error is field, why and cure.
pub fn starts_at(
    local: &str,
    zone: &str,
    now: UnixMs,
) -> Result<UnixMs, (&'static str, String, String)> {
    let time_zone = TimeZone::get(zone).map_err(|_| {
        let why = format!("there is no time zone '{zone}'");
        ("zone", why, "write one of the zone database, for instance America/Bogota".to_owned())
    })?;
    let wrong = |why: String, cure: &str| ("starts_at", why, cure.to_owned());
    let cure = "write the time on the wall, for instance 2026-12-01T09:00";
    let at = local
        .parse::<DateTime>()
        .ok()
        .filter(|_| local.contains(['T', ' ']))
        .and_then(|time| time_zone.to_ambiguous_timestamp(time).compatible().ok())
        .ok_or_else(|| wrong(format!("'{local}' is no date and time"), cure))?;
    let at = UnixMs(at.as_millisecond());
    if at < now {
        let why = format!("{local} has passed in {zone}");
        return Err(wrong(why, "write a time to come, or start it now"));
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn the_wall_of_the_zone_says_when() {
        let at = |text: &str| UnixMs(text.parse::<Timestamp>().unwrap().as_millisecond());
        let now = at("2026-01-01T00:00Z");
        for (local, zone, utc) in [
            ("2026-12-01T09:00", "America/Bogota", "2026-12-01T14:00Z"),
            ("2026-12-01 09:00:30", "Europe/Madrid", "2026-12-01T08:00:30Z"),
            // skipped: 02:30 is 03:30; twice: the first 01:30
            ("2026-03-29T02:30", "Europe/Madrid", "2026-03-29T01:30Z"),
            ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30Z"),
        ] {
            assert_eq!(starts_at(local, zone, now), Ok(at(utc)), "{local} {zone}");
        }
        for (local, zone, field, words) in [
            ("2026-12-01T09:00", "Bogota", "zone", "America/Bogota"),
            ("tomorrow", "America/Bogota", "starts_at", "2026-12-01T09:00"),
            ("2026-12-01", "America/Bogota", "starts_at", "2026-12-01T09:00"),
            ("2026-12-01T09:00Z", "America/Bogota", "starts_at", "on the wall"),
            ("2025-12-31T18:59", "America/Bogota", "starts_at", "a time to come"),
        ] {
            let (named, why, cure) = starts_at(local, zone, now).unwrap_err();
            assert!(named == field && cure.contains(words), "{local}: {named} {why}; {cure}");
        }
    }
}
