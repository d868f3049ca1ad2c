//! Numbering plans of all countries, as the metadata library knows them. The
//! only file that names the library, so that it can be exchanged.
//!
//! A plan tells how to read what a person typed. It never has a say about a
//! wa_id: `521…` of Mexico and Brazilian mobiles of eight digits are no numbers
//! of any plan, and WhatsApp uses them.

use rlibphonenumber::{
    PHONE_NUMBER_UTIL as UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region,
};

/// A country whose people write their numbers without a country code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country(Region);

impl Country {
    /// The country of a line; for a number that no plan holds, the first one
    /// of its country code.
    pub fn of(digits: &str) -> Option<Self> {
        let line = line(digits)?;
        let region = line.get_region_code();
        region.or_else(|| UTIL.get_region_for_country_code(line.country_code)).map(Self)
    }

    /// By its two letters.
    pub fn named(letters: &str) -> Option<Self> {
        letters.parse().ok().map(Self)
    }

    pub fn calling_code(self) -> Option<i32> {
        UTIL.get_country_code_for_region(self.0)
    }
}

/// The country code that an international number begins with.
pub(super) fn country_code(whole: &str) -> Option<i32> {
    line(whole).map(|line| line.country_code)
}

/// Whether a number may be one of a phone in somebody's pocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mobile {
    No,
    Maybe,
    Yes,
}

/// A number that some plan holds, as international digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub digits: String,
    pub mobile: Mobile,
}

impl Held {
    fn of(line: &PhoneNumber) -> Option<Self> {
        let mobile = match line.is_valid().then(|| line.get_type())? {
            PhoneNumberType::Mobile => Mobile::Yes,
            PhoneNumberType::FixedLineOrMobile => Mobile::Maybe,
            _ => Mobile::No,
        };
        let e164 = line.format_as(PhoneNumberFormat::E164);
        Some(Self { digits: e164.trim_start_matches('+').to_owned(), mobile })
    }
}

/// What a person of this country typed.
pub(super) fn typed(written: &str, home: Country) -> Option<Held> {
    Held::of(&PhoneNumber::parse(written, Some(home.0)).ok()?)
}

/// Digits with country code; what is dialled only inside the country
/// (`+44 (0)20 …`) is taken out.
pub(super) fn international(whole: &str) -> Option<Held> {
    Held::of(&line(whole)?)
}

/// How a line is spelled with spaces and brackets: after `+`, and at home the
/// way its neighbours write it, with and without these.
pub(super) fn spellings(whole: &str, home: Option<Country>) -> Vec<String> {
    let Some(line) = line(whole) else {
        return Vec::new();
    };
    let mut forms = vec![line.format_as(PhoneNumberFormat::International).into_owned()];
    if line.is_valid() && home.and_then(Country::calling_code) == Some(line.country_code) {
        let national = line.format_as(PhoneNumberFormat::National).into_owned();
        forms.push(national.chars().filter(char::is_ascii_digit).collect());
        forms.push(national);
    }
    forms
}

fn line(whole: &str) -> Option<PhoneNumber> {
    PhoneNumber::parse(format!("+{whole}"), None).ok()
}
