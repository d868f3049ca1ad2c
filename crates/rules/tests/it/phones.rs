//! Phone numbers as people of many countries type them, and the forms in which
//! WhatsApp and Salesforce hold the same lines.

use std::collections::BTreeSet;

use rules::phone::{Country, Reading, digits, e164, match_key, read, variants, written_forms};

struct Case<'a> {
    home: &'a str,
    written: &'a str,
    /// `-`: no number; `a or b`: of the own country, or of another.
    line: &'a str,
    /// The same line as WhatsApp, or an older address book, has it.
    also: Option<&'a str>,
}

fn cases() -> Vec<Case<'static>> {
    let rows = include_str!("phones.txt").lines();
    rows.filter(|row| !row.is_empty() && !row.starts_with('#'))
        .map(|row| {
            let mut parts = row.split('|').map(str::trim);
            let mut next = || parts.next().filter(|part| !part.is_empty());
            let (home, written) = (next().unwrap(), next().unwrap());
            Case { home, written, line: next().expect(row), also: next() }
        })
        .collect()
}

#[test]
fn what_people_type_is_the_line_they_mean() {
    let cases = cases();
    let mut wrong = Vec::new();
    for Case { home, written, line, also } in &cases {
        let shown = match read(written, Country::named(home)) {
            None => "-".to_owned(),
            Some(Reading::Line(digits)) => digits,
            Some(Reading::Either { home, abroad }) => format!("{home} or {abroad}"),
        };
        if shown != *line {
            wrong.push(format!("{home} {written}: {shown}, and not {line}"));
        }
        if let Some(also) = also.filter(|also| match_key(also) != match_key(line)) {
            wrong.push(format!("{line} and {also} have two keys"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let countries: BTreeSet<_> = cases.iter().map(|case| case.home).collect();
    assert!(cases.len() >= 150, "{} cases", cases.len());
    assert!(countries.len() >= 25, "{countries:?}");
}

#[test]
fn every_form_of_a_line_leads_back_to_its_key_and_no_two_lines_share_one() {
    let mut lines = BTreeSet::new();
    for case in cases().iter().filter(|case| digits(case.line).is_some()) {
        let key = match_key(case.line);
        assert_eq!(match_key(&key), key, "a key is its own key");
        for form in variants(case.line) {
            assert_eq!(match_key(&form), key, "{form}");
        }
        assert_eq!(match_key(e164(case.line).trim_start_matches('+')), key, "{}", case.line);
        lines.insert(e164(case.line));
    }
    let keys: BTreeSet<_> = lines.iter().map(|l| match_key(l.trim_start_matches('+'))).collect();
    assert_eq!(keys.len(), lines.len());
}

#[test]
fn what_is_looked_for_is_what_is_read() {
    for case in cases().iter().filter(|case| digits(case.line).is_some()) {
        let home = Country::named(case.home);
        for form in written_forms(case.line, home) {
            let mine = match read(&form, home) {
                Some(Reading::Line(line)) => match_key(&line) == match_key(case.line),
                // found, and then linked to nobody
                Some(Reading::Either { home, abroad }) => {
                    !form.starts_with('+')
                        && [home, abroad].iter().any(|l| match_key(l) == match_key(case.line))
                }
                None => false,
            };
            assert!(mine, "{} as {form}", case.line);
        }
    }
}

#[test]
fn a_phone_field_is_searched_for_in_the_ways_its_country_writes() {
    let forms = written_forms("14155550132", Country::named("US"));
    for form in ["+14155550132", "14155550132", "(415) 555-0132", "4155550132", "+1 415-555-0132"] {
        assert!(forms.iter().any(|f| f == form), "{form} in {forms:?}");
    }
    let abroad = written_forms("14155550132", Country::named("ES"));
    assert!(abroad.iter().all(|form| form.trim_start_matches('+').starts_with('1')), "{abroad:?}");
    let forms = written_forms("5215512345678", Country::named("MX"));
    for form in ["+525512345678", "+5215512345678", "+52 55 1234 5678", "55 1234 5678"] {
        assert!(forms.iter().any(|f| f == form), "{form} in {forms:?}");
    }
}

#[test]
fn a_wa_id_keeps_its_digits_whatever_plans_say() {
    for wa_id in ["5215512345678", "553187654321", "541123456789", "88888888888", "1999"] {
        let whole = digits(wa_id);
        assert_eq!(whole.as_deref(), (wa_id.len() >= 7).then_some(wa_id));
    }
    // typed with +, a number of no plan is still somebody's
    assert_eq!(read("+15550001111", None), Some(Reading::Line("15550001111".into())));
    assert_eq!(read("+5215512345678", None), Some(Reading::Line("5215512345678".into())));
}

#[test]
fn a_business_number_tells_whose_numbers_are_at_home() {
    for (number, letters) in [
        ("525512345678", "MX"),
        ("5215512345678", "MX"),
        ("15550009999", "US"),
        ("14165550123", "CA"),
        ("447400123456", "GB"),
        ("77012345678", "KZ"),
    ] {
        assert_eq!(Country::of(number), Country::named(letters), "{number}");
    }
    assert_eq!(Country::of("9991"), None);
}
