//! The file, read strictly: each mistake with its line and its cure.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::reply::OPENS;
use super::week::{Holiday, Range, Week};
use super::{Again, Hours, Language, ReplyRule};
use crate::complaint::Complaint;
use crate::sheet::{self, Table};

const GUIDE: &str = "docs/concepts/hours.md";
const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Meta's limit of a text's body.
const TEXT_MAX: usize = 4_096;
/// What `{opens}` may become at most, in place of its seven letters.
const OPENS_MAX: usize = 40;

pub fn read(text: &str) -> Result<Hours, Vec<Complaint>> {
    let top = sheet::open(text, GUIDE)?;
    let mut complaints = Vec::new();
    let mut note = |complaint| complaints.push(complaint);
    let known = ["format", "time_zone", "week", "holiday", "reply"];
    top.only(&known).unwrap_or_else(&mut note);
    let time_zone = time_zone(&top).map_err(&mut note).unwrap_or(TimeZone::UTC);
    let week = week(&top).map_err(&mut note).unwrap_or_default();
    let tables = top.tables("holiday").map_err(&mut note).unwrap_or_default();
    let mut holidays: Vec<Holiday> = Vec::new();
    for table in &tables {
        let added = holiday(table).and_then(|new| {
            let day = |holiday: &Holiday| (holiday.year, holiday.month, holiday.day);
            match holidays.iter().find(|known| day(known) == day(&new)) {
                None => {
                    holidays.push(new);
                    Ok(())
                }
                Some(known) => {
                    let why = format!("`date` is the day of '{}' too", known.name);
                    Err(table.no(table.line_of("date"), why, "leave one out"))
                }
            }
        });
        added.unwrap_or_else(&mut note);
    }
    let opens = week.0.iter().any(|ranges| !ranges.is_empty());
    let reply = reply(&top, opens).map_err(&mut note).unwrap_or_default();
    if complaints.is_empty() {
        return Ok(Hours { time_zone, week, holidays, reply });
    }
    complaints.sort_by_key(|complaint| complaint.line);
    Err(complaints)
}

fn time_zone(top: &Table) -> Result<TimeZone, Complaint> {
    let cure = "write a name of the IANA list, for instance time_zone = \"America/Mexico_City\"";
    let name = top.needed_text("time_zone", 100, cure)?;
    TimeZone::get(name).map_err(|_| {
        top.no(top.line_of("time_zone"), format!("there is no time zone '{name}'"), cure)
    })
}

/// Days that are not named are closed.
fn week(top: &Table) -> Result<Week, Complaint> {
    let cure = "name the days on which you answer: [week] and monday = [\"09:00-18:00\"]";
    let table = top.table("week")?;
    let table = table.ok_or_else(|| top.no(1, "`week` is missing", cure))?;
    table.only(&DAYS)?;
    let mut week = Week::default();
    for (ranges, day) in week.0.iter_mut().zip(DAYS) {
        *ranges = hours(&table, day)?;
    }
    Ok(week)
}

/// None where the key is not there.
fn hours(table: &Table, key: &str) -> Result<Vec<Range>, Complaint> {
    let texts = table.texts(key)?.unwrap_or_default();
    let no = |why: String, cure: &str| table.no(table.line_of(key), why, cure);
    let range = |text: &String| {
        Range::parse(text).map_err(|(why, cure)| no(format!("`{key}`: '{text}' {why}"), cure))
    };
    let mut ranges = texts.iter().map(range).collect::<Result<Vec<_>, _>>()?;
    ranges.sort_unstable();
    match ranges.windows(2).any(|pair| pair[0].to >= pair[1].from) {
        true => Err(no(format!("two of the hours of `{key}` meet"), "join them into one")),
        false => Ok(ranges),
    }
}

fn holiday(table: &Table) -> Result<Holiday, Complaint> {
    table.only(&["name", "date", "open"])?;
    let name = table.needed_text("name", 80, "say which day it is")?.to_owned();
    let cure = "write date = \"12-25\" for each year, or \"2026-12-25\" for one";
    let text = table.needed_text("date", 20, cure)?;
    let no = || {
        let why = format!("`date` '{text}' is no day");
        table.no(table.line_of("date"), why, cure)
    };
    // a year that has a 29th of February
    let (year, full) = match text.len() {
        5 => (false, format!("2028-{text}")),
        10 => (true, text.to_owned()),
        _ => return Err(no()),
    };
    let date: Date = full.parse().map_err(|_| no())?;
    let year = year.then(|| date.year());
    let (month, day) = (date.month(), date.day());
    Ok(Holiday { name, year, month, day, open: hours(table, "open")? })
}

fn reply(top: &Table, opens: bool) -> Result<Option<ReplyRule>, Complaint> {
    let Some(table) = top.table("reply")? else { return Ok(None) };
    table.only(&["language", "again_after_hours", "es", "en", "pt"])?;
    let mut texts = Vec::new();
    for language in Language::ALL {
        let code = language.code();
        let Some(text) = table.text(code, TEXT_MAX)? else { continue };
        let no = |why: &str, cure: &str| table.no(table.line_of(code), why, cure);
        let plain = text.replace(OPENS, "");
        if plain.contains(['{', '}']) {
            return Err(no(&format!("`{code}` has a brace"), "use no braces but {opens}"));
        }
        let places = text.matches(OPENS).count();
        if places > 0 && !opens {
            let why = format!("`{code}` has {{opens}}, but no day of the week has hours");
            return Err(no(&why, "leave {opens} out, or give a day its hours"));
        }
        if plain.encode_utf16().count() + places * OPENS_MAX > TEXT_MAX {
            let why = format!("`{code}` with its {{opens}} filled is longer than {TEXT_MAX}");
            return Err(no(&why, "make it shorter"));
        }
        texts.push((language, text.to_owned()));
    }
    let words = Language::ALL.map(|language| (language.code(), language));
    let language = match (table.word("language", &words)?, texts.as_slice()) {
        (_, []) => {
            let cure = "write what is said: es = \"...\", en = \"...\" or pt = \"...\"";
            return Err(table.no(table.line, "it has no text", cure));
        }
        (Some(said), texts) if texts.iter().any(|(language, _)| *language == said) => said,
        (Some(said), _) => {
            let why = format!("`language` is {0}, but there is no text `{0}`", said.code());
            return Err(table.no(table.line_of("language"), why, "write it, or name another"));
        }
        (None, [(only, _)]) => *only,
        (None, _) => {
            let cure = "say which one is for people whose language is not known";
            return Err(table.no(table.line, "`language` is missing", cure));
        }
    };
    let again = table.number("again_after_hours", 1..=720)?;
    let again = again.map_or(Again::Never, Again::AfterHours);
    Ok(Some(ReplyRule { texts, language, again }))
}
