//! What a person typed, as a line. Numbers that come from WhatsApp are not
//! read: they are international digits already.

use std::cmp::Ordering;

use super::plans::{self, Country, Held};
use super::variants::e164;

/// The line that was meant, as international digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    Line(String),
    /// Without `+`, and both a number of the own country and, with its first
    /// digits as a country code, one of another.
    Either {
        home: String,
        abroad: String,
    },
}

impl Reading {
    /// The line, when it can be no other: a record is never taken for somebody's
    /// on a guess.
    pub fn sure(self) -> Option<String> {
        match self {
            Self::Line(digits) => Some(digits),
            Self::Either { .. } => None,
        }
    }
}

/// `None` for what is no number at all, and for a number within a country when
/// it is not known within which.
///
/// Digits with `+` are taken as they stand when no plan holds them: plans
/// change, and a number that can be written to is never refused for its form.
/// Of two readings the one of a mobile is meant: WhatsApp is on mobiles.
pub fn read(written: &str, home: Option<Country>) -> Option<Reading> {
    let written = clean(written)?;
    if let Some(whole) = written.strip_prefix('+') {
        return line(whole_or_as_it_stands(whole));
    }
    let at_home = home.and_then(|country| plans::typed(&inside(&written, country), country));
    if let Some(rest) = written.strip_prefix('0') {
        let dialled = || rest.strip_prefix('0').map(whole_or_as_it_stands);
        return line(at_home.map(|held| held.digits).or_else(dialled)?);
    }
    match (at_home, abroad(&written)) {
        (Some(home), Some(abroad)) if home.digits != abroad.digits => {
            match home.mobile.cmp(&abroad.mobile) {
                Ordering::Less => line(abroad.digits),
                Ordering::Greater => line(home.digits),
                Ordering::Equal => {
                    Some(Reading::Either { home: home.digits, abroad: abroad.digits })
                }
            }
        }
        (Some(held), _) | (None, Some(held)) => line(held.digits),
        (None, None) => line(written),
    }
}

fn whole_or_as_it_stands(whole: &str) -> String {
    abroad(whole).map_or_else(|| whole.to_owned(), |held| held.digits)
}

fn line(digits: String) -> Option<Reading> {
    let whole = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    whole.then_some(Reading::Line(digits))
}

/// `+` and digits, of whatever script, without what is put between them.
/// `None` with anything else in it: a word, an extension, a user id.
fn clean(written: &str) -> Option<String> {
    let mut out = String::new();
    for c in written.chars() {
        match c {
            '+' | '＋' if out.is_empty() => out.push('+'),
            '0'..='9' => out.push(c),
            // Arabic-Indic, Extended Arabic-Indic, Devanagari, full width
            '٠'..='٩' => out.push(ascii(c, '٠')),
            '۰'..='۹' => out.push(ascii(c, '۰')),
            '०'..='९' => out.push(ascii(c, '०')),
            '０'..='９' => out.push(ascii(c, '０')),
            // hyphens and dashes, and the invisible marks of copied contacts
            '-'
            | '('
            | ')'
            | '['
            | ']'
            | '.'
            | '/'
            | '\u{2010}'..='\u{2015}'
            | '\u{2212}'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    let count = out.trim_start_matches('+').len();
    (5..=20).contains(&count).then_some(out)
}

fn ascii(c: char, zero: char) -> char {
    let value = u32::from(c) - u32::from(zero);
    char::from_digit(value, 10).unwrap_or('0')
}

/// WhatsApp's variants count as the line they are of, and stay as they are.
fn abroad(whole: &str) -> Option<Held> {
    let variant = || {
        let held = plans::international(e164(whole).trim_start_matches('+'))?;
        Some(Held { digits: whole.to_owned(), ..held })
    };
    plans::international(whole).or_else(variant)
}

/// Mexico dropped `01`, `044` and `045` in 2019, and address books did not.
fn inside(written: &str, country: Country) -> String {
    let dropped = ["044", "045", "01"].iter().find_map(|prefix| written.strip_prefix(prefix));
    match dropped.filter(|rest| rest.len() == 10) {
        Some(rest) if country.calling_code() == Some(52) => rest.to_owned(),
        _ => written.to_owned(),
    }
}
