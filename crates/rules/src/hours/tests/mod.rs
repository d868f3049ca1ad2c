//! Weeks, days and messages, as tables; and what holds of all of them.

mod mistakes;
mod reply;

use model::UnixMs;
use proptest::prelude::*;

use super::*;

const MINUTE: i64 = 60_000;

fn hours(zone: &str, rest: &str) -> Hours {
    Hours::read(&format!("format = 1\ntime_zone = '{zone}'\n{rest}")).unwrap()
}

fn at(text: &str) -> UnixMs {
    UnixMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn shop() -> Hours {
    hours(
        "America/Mexico_City",
        "[week]\nfriday = ['09:00-14:00', '16:00-19:00']\nsaturday = ['22:00-24:00']\n\
         sunday = ['00:00-02:00']\n\
         [[holiday]]\nname = 'each'\ndate = '12-25'\n\
         [[holiday]]\nname = 'one'\ndate = '2026-12-25'\nopen = ['10:00-11:00']",
    )
}

/// By the clock of Mexico City, six hours behind.
#[test]
fn open_from_the_first_minute_and_closed_with_the_last() {
    for (wall, open) in [
        ("2026-11-27T08:59:59-06:00", false),
        ("2026-11-27T09:00:00-06:00", true),
        ("2026-11-27T13:59:59.999-06:00", true),
        ("2026-11-27T14:00:00-06:00", false),
        ("2026-11-27T18:30:00-06:00", true),
        ("2026-11-28T23:59:59-06:00", true),
        ("2026-11-29T00:00:00-06:00", true),
        ("2026-11-29T02:00:00-06:00", false),
        ("2026-11-30T10:00:00-06:00", false),
        ("2026-12-25T09:30:00-06:00", false),
        ("2026-12-25T10:30:00-06:00", true),
        ("2020-12-25T10:30:00-06:00", false),
    ] {
        assert_eq!(shop().is_open(at(wall)), open, "{wall}");
    }
}

#[test]
fn it_opens_next_with_the_first_hours_to_come() {
    for (from, opens) in [
        ("2026-11-27T08:00:00-06:00", "2026-11-27T09:00:00-06:00"),
        ("2026-11-27T10:00:00-06:00", "2026-11-27T10:00:00-06:00"),
        ("2026-11-27T14:00:00-06:00", "2026-11-27T16:00:00-06:00"),
        ("2026-11-27T19:00:00-06:00", "2026-11-28T22:00:00-06:00"),
        ("2026-11-29T02:00:00-06:00", "2026-12-04T09:00:00-06:00"),
        ("2026-12-24T12:00:00-06:00", "2026-12-25T10:00:00-06:00"),
    ] {
        assert_eq!(shop().opens_at(at(from)), Some(at(opens)), "{from}");
    }
    assert_eq!(hours("UTC", "[week]").opens_at(at("2026-01-01T00:00:00Z")), None);
}

/// Spain: at two it is three on 2026-03-29, at three it is two on 2026-10-25.
#[test]
fn the_clock_on_the_wall_counts_when_it_is_changed() {
    let night = hours("Europe/Madrid", "[week]\nsunday = ['02:30-04:00']");
    let spring = at("2026-03-29T01:00:00Z");
    assert_eq!(night.opens_at(at("2026-03-29T00:00:00Z")), Some(spring), "with the change");
    assert!(night.is_open(spring) && !night.is_open(spring.plus(-1)));
    let left_out = hours("Europe/Madrid", "[week]\nsunday = ['02:00-02:30']");
    let week_after = at("2026-04-05T00:00:00Z");
    assert_eq!(left_out.opens_at(at("2026-03-29T00:00:00Z")), Some(week_after));
    // 02:00-02:30 is there twice: first at 00:00Z, then at 01:00Z
    let again = left_out.opens_at(at("2026-10-25T00:45:00Z"));
    assert_eq!(again, Some(at("2026-10-25T01:00:00Z")));
    let within = hours("Europe/Madrid", "[week]\nsunday = ['02:30-02:45']");
    for (from, opens) in [
        ("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"),
        ("2026-10-25T00:50:00Z", "2026-10-25T01:30:00Z"),
    ] {
        assert_eq!(within.opens_at(at(from)), Some(at(opens)), "{from}");
    }
}

proptest! {
    /// The next opening is the first minute that is open, found by looking at
    /// each: also around the days when clocks change.
    #[test]
    fn the_next_opening_is_the_first_open_minute(
        zone in prop::sample::select(vec![
            "Europe/Madrid", "America/Santiago", "America/Sao_Paulo", "Australia/Lord_Howe",
        ]),
        day in prop::sample::select(vec![
            "2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z", "2026-04-04T00:00:00Z",
            "2026-09-05T12:00:00Z", "2026-10-03T00:00:00Z", "2026-06-01T00:00:00Z",
        ]),
        minute in 0i64..2_000,
        from in 0u16..95,
        length in 1u16..24,
    ) {
        let wall = |quarters: u16| format!("{:02}:{:02}", quarters / 4, quarters % 4 * 15);
        let range = format!("['{}-{}']", wall(from), wall((from + length).min(96)));
        let week: String = ["saturday", "sunday", "monday", "tuesday"]
            .iter()
            .map(|day| format!("{day} = {range}\n"))
            .collect();
        let hours = hours(zone, &format!("[week]\n{week}"));
        let now = at(day).plus(minute * MINUTE);
        let first = (0..5 * 1_440).map(|n| now.plus(n * MINUTE)).find(|at| hours.is_open(*at));
        prop_assert_eq!(hours.opens_at(now).filter(|at| at.since(now) < 5 * 1_440 * MINUTE), first);
    }

    #[test]
    fn reading_never_fails_otherwise_than_by_complaints(text in any::<String>()) {
        let complaints = Hours::read(&text).err().unwrap_or_default();
        prop_assert!(complaints.iter().all(|c| c.line.is_some() && !c.cure.is_empty()));
    }
}
