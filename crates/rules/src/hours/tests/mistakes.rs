//! What a file is refused for.

use super::*;

/// The text after the time zone in line 2, the line that is named, the field,
/// and words of why and cure.
#[test]
fn a_mistake_names_line_field_and_cure() {
    let week = "[week]\nmonday = ['09:00-18:00']\n";
    let reply = "[week]\nmonday = ['09:00-18:00']\n[reply]\n";
    let holiday = "[week]\n[[holiday]]\nname = 'x'\n";
    for (before, rest, line, field, words) in [
        ("", "", 1, "file", "`week` is missing; name the days"),
        ("", "[week]\n[weeks]", 4, "file", "no key 'weeks'; use format, time_zone"),
        ("", "[week]\nmondays = ['09:00-18:00']", 4, "week", "use monday, tuesday"),
        ("", "[week]\nmonday = '09:00-18:00'", 4, "week", "no list of texts"),
        ("", "[week]\nmonday = ['09:00']", 4, "week", "has no end; write it as 09:00-14:00"),
        ("", "[week]\nmonday = ['9:00-18:00']", 4, "week", "no time of the day"),
        ("", "[week]\nmonday = ['09:60-18:00']", 4, "week", "no time of the day"),
        ("", "[week]\nmonday = ['09:00-24:01']", 4, "week", "no time of the day"),
        ("", "[week]\nmonday = ['22:00-02:00']", 4, "week", "22:00-24:00, and 00:00-02:00"),
        ("", "[week]\nmonday = ['09:00-12:00', '12:00-13:00']", 4, "week", "join them"),
        ("", "[week]\nmonday = ['09:00-12:00', '08:00-10:00']", 4, "week", "join them"),
        (week, "[[holiday]]\ndate = '12-25'", 5, "holiday", "`name` is missing"),
        (holiday, "", 4, "holiday.x", "`date` is missing"),
        (holiday, "date = '25-12'", 6, "holiday.x", "each year, or \"2026-12-25\" for one"),
        (holiday, "date = '2026-02-29'", 6, "holiday.x", "is no day"),
        (holiday, "date = 2026-12-25", 6, "holiday.x", "write it in quotes"),
        (holiday, "date = '12-25'\nclosed = true", 7, "holiday.x", "use name, date, open"),
        (
            holiday,
            "date = '12-25'\n[[holiday]]\nname = 'y'\ndate = '12-25'",
            9,
            "holiday.y",
            "the day of 'x' too",
        ),
        (reply, "", 5, "reply", "it has no text"),
        (reply, "fr = 'x'", 6, "reply", "use language, again_after_hours, es, en, pt"),
        (reply, "es = ' '", 6, "reply", "`es` is no text"),
        (reply, "es = '{name}'", 6, "reply", "no braces but {opens}"),
        (reply, "es = 'a'\nen = 'b'", 5, "reply", "`language` is missing"),
        (reply, "es = 'a'\nlanguage = 'en'", 7, "reply", "no text `en`"),
        (reply, "es = 'a'\nlanguage = 'fr'", 7, "reply", "use one of es, en, pt"),
        (reply, "es = 'a'\nagain_after_hours = 0", 7, "reply", "from 1 to 720"),
        ("", "[week]\n[reply]\nes = '{opens}'", 5, "reply", "give a day its hours"),
    ] {
        let file = format!("format = 1\ntime_zone = 'UTC'\n{before}{rest}");
        let complaints = Hours::read(&file).expect_err(&file);
        let text = complaints[0].to_string();
        assert_eq!(
            (complaints[0].line, complaints[0].field.as_str()),
            (Some(line), field),
            "{text}"
        );
        assert!(text.contains(words), "{file}: {text}");
    }
    let zone = Hours::read("format = 1\ntime_zone = 'Mexico'\n[week]").unwrap_err();
    assert_eq!(zone[0].line, Some(2));
    assert!(zone[0].cure.contains("America/Mexico_City"));
    let all = Hours::read("format = 1\n[week]\nx = 1\n[reply]\ny = 1").unwrap_err();
    assert_eq!(all.len(), 3, "each mistake is told at once");
    for (length, fits) in [(4_096 - 40, true), (4_096 - 39, false)] {
        let text = format!("{}{{opens}}", "x".repeat(length));
        let file = format!("format = 1\ntime_zone = 'UTC'\n{reply}en = '{text}'");
        assert_eq!(Hours::read(&file).is_ok(), fits, "{length}");
    }
}

/// What the concept page shows can be used as it stands.
#[test]
fn the_file_of_the_page_is_good() {
    let page = include_str!("../../../../../docs/concepts/hours.md");
    let file = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(Hours::read(file).map(drop), Ok(()));
}
