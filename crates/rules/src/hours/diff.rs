//! What one file says that another does not.

use std::collections::BTreeMap;

use super::{Again, Hours, Range};
use crate::mapping::Change;

const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// By day, holiday and text. Two files that differ in comments do not differ.
pub fn diff(before: &Hours, after: &Hours) -> Vec<Change> {
    let mut changes: BTreeMap<String, [Vec<String>; 2]> = BTreeMap::new();
    for (side, hours) in [before, after].into_iter().enumerate() {
        for (field, text) in lines(hours) {
            changes.entry(field).or_default()[side].push(text);
        }
    }
    let changed = changes.into_iter().filter(|(_, [before, after])| before != after);
    changed.map(|(field, [before, after])| Change { field, before, after }).collect()
}

fn lines(hours: &Hours) -> Vec<(String, String)> {
    let zone = hours.time_zone.iana_name().unwrap_or("UTC").to_owned();
    let mut lines = vec![("time_zone".to_owned(), zone)];
    for (day, open) in DAYS.iter().zip(&hours.week.0) {
        lines.push((format!("week.{day}"), ranges(open)));
    }
    for holiday in &hours.holidays {
        let year = holiday.year.map(|year| format!("{year:04}-")).unwrap_or_default();
        let date = format!("{year}{:02}-{:02}", holiday.month, holiday.day);
        let field = format!("holiday.{}", holiday.name);
        lines.push((field, format!("{date}: {}", ranges(&holiday.open))));
    }
    if let Some(reply) = &hours.reply {
        for (language, text) in &reply.texts {
            lines.push((format!("reply.{}", language.code()), text.clone()));
        }
        lines.push(("reply.language".into(), reply.language.code().into()));
        let again = match reply.again {
            Again::Never => "once a conversation".to_owned(),
            Again::AfterHours(hours) => format!("{hours} hours"),
        };
        lines.push(("reply.again_after_hours".into(), again));
    }
    lines
}

fn ranges(open: &[Range]) -> String {
    if open.is_empty() {
        return "closed".into();
    }
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let range = |range: &Range| format!("{}-{}", time(range.from), time(range.to));
    open.iter().map(range).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::DEFAULT;

    #[test]
    fn only_what_changed_is_told() {
        let own = Hours::read(DEFAULT).unwrap();
        assert!(own.reply.is_none() && own.is_open(model::UnixMs(0)));
        assert_eq!(diff(&own, &Hours::always()), []);
        let text = "format = 1\ntime_zone = 'America/Bogota'\n[week]\n\
            monday = ['09:00-14:00', '16:00-24:00']\n\
            [[holiday]]\nname = 'Navidad'\ndate = '12-25'\n\
            [reply]\nlanguage = 'es'\nes = 'Volvemos el {opens}.'\n";
        let new = Hours::read(text).unwrap();
        let changes = diff(&own, &new);
        let of = |field: &str| changes.iter().find(|change| change.field == field).unwrap();
        assert_eq!(of("week.monday").after, ["09:00-14:00, 16:00-24:00"]);
        assert_eq!(of("week.sunday").after, ["closed"]);
        assert_eq!(of("holiday.Navidad").after, ["12-25: closed"]);
        assert_eq!(
            (&of("time_zone").before[..], &of("reply.es").before[..]),
            (&["UTC".to_owned()][..], &[][..])
        );
        assert_eq!(of("reply.again_after_hours").after, ["once a conversation"]);
    }
}
