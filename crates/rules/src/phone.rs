//! Phone numbers as handles: one match key for the forms in which one line is
//! written, and the forms to look for where somebody else stored it.
//!
//! WhatsApp's id of a line differs from the dialled number in three countries:
//! Mexico (`521` + 10 digits for older accounts), Argentina (`549` + 10) and
//! Brazil (area codes from 31 on mostly without the ninth digit). A key never
//! replaces the wa_id: it is only compared.

/// Digits of a written number: `+52 (55) 1234-5678` gives `525512345678`.
/// `None` when there are fewer than 7 or more than 15 of them.
pub fn digits(written: &str) -> Option<String> {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let stray = written.chars().any(|c| !(c.is_ascii_digit() || "+-() ./\u{a0}".contains(c)));
    (!stray && (7..=15).contains(&digits.len())).then_some(digits)
}

/// Equal for the variants of one line; digits without `+`.
pub fn match_key(digits: &str) -> String {
    if let Some(rest) = digits.strip_prefix("521").filter(|r| r.len() == 10) {
        return format!("52{rest}");
    }
    if let Some(rest) = digits.strip_prefix("549").filter(|r| r.len() == 10) {
        return format!("54{rest}");
    }
    if let Some(rest) = digits.strip_prefix("55").filter(|r| r.len() == 11) {
        let (area, line) = rest.split_at(2);
        if let Some(eight) = line.strip_prefix('9').filter(|eight| was_mobile(eight)) {
            return format!("55{area}{eight}");
        }
    }
    digits.to_owned()
}

/// The forms under which a line may stand in an international notation,
/// digits only: the key itself and its national variants.
pub fn variants(digits: &str) -> Vec<String> {
    let key = match_key(digits);
    let mut forms = vec![key.clone()];
    if let Some(rest) = key.strip_prefix("52").filter(|r| r.len() == 10) {
        forms.push(format!("521{rest}"));
    } else if let Some(rest) = key.strip_prefix("54").filter(|r| r.len() == 10) {
        forms.push(format!("549{rest}"));
    } else if let Some(rest) = key.strip_prefix("55").filter(|r| r.len() == 10) {
        let (area, line) = rest.split_at(2);
        if was_mobile(line) {
            forms.push(format!("55{area}9{line}"));
        }
    }
    forms
}

/// Brazilian mobiles had eight digits that began with these; what begins with
/// another is a landline, and with a 9 before it some other line.
fn was_mobile(eight: &str) -> bool {
    eight.starts_with(|c| ('6'..='9').contains(&c))
}

/// How the line may be written in somebody's phone field: each variant with
/// and without `+`.
pub fn written_forms(digits: &str) -> Vec<String> {
    variants(digits).into_iter().flat_map(|v| [format!("+{v}"), v]).collect()
}

/// What people read and what is dialled: `+` and the digits of the form that
/// has the fewest extras (Mexico without `1`, Argentina with `9`, Brazilian
/// mobiles with the ninth digit).
pub fn e164(digits: &str) -> String {
    let forms = variants(digits);
    let dialled = match forms.as_slice() {
        [_, with] if with.starts_with("549") || with.starts_with("55") => with,
        [key, ..] => key,
        [] => digits,
    };
    format!("+{dialled}")
}

/// Codes of two digits that the ITU gave out (E.164 list of assigned country
/// codes); 1 and 7 stand alone, all others have three digits.
const TWO: [&str; 44] = [
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47",
    "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65",
    "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
];

/// The country calling code of an international number. Several countries share
/// 1, 7 and a few others.
pub fn calling_code(digits: &str) -> Option<&str> {
    if !(7..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let length = match (digits.get(..1)?, digits.get(..2)?) {
        ("0", _) => return None,
        ("1" | "7", _) => 1,
        (_, two) if TWO.contains(&two) => 2,
        _ => 3,
    };
    digits.get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_of_one_line_share_a_key() {
        for (a, b) in [
            ("5215512345678", "525512345678"),
            ("5491123456789", "541123456789"),
            ("5531987654321", "553187654321"),
            ("5511987654321", "551187654321"),
        ] {
            assert_eq!(match_key(a), match_key(b), "{a} {b}");
        }
    }

    #[test]
    fn other_lines_keep_their_digits() {
        let mobile_beside_a_landline = "5511933334444";
        assert_ne!(match_key(mobile_beside_a_landline), match_key("551133334444"));
        for d in [
            mobile_beside_a_landline,
            "15550001111",
            "34600111222",
            "521551234567",
            "55119876543210",
            "5493",
        ] {
            assert_eq!(match_key(d), d);
        }
    }

    #[test]
    fn variants_all_lead_back_to_the_key() {
        for d in ["5215512345678", "541123456789", "553187654321", "15550001111", "551133334444"] {
            for v in variants(d) {
                assert_eq!(match_key(&v), match_key(d));
            }
        }
        // a Brazilian landline never has a ninth digit
        assert_eq!(variants("551133334444"), ["551133334444"]);
    }

    #[test]
    fn shown_as_dialled() {
        assert_eq!(e164("5215512345678"), "+525512345678");
        assert_eq!(e164("541123456789"), "+5491123456789");
        assert_eq!(e164("553187654321"), "+5531987654321");
        assert_eq!(e164("15550001111"), "+15550001111");
        assert_eq!(e164("5511933334444"), "+5511933334444");
    }

    #[test]
    fn reads_what_people_write_and_refuses_the_rest() {
        assert_eq!(digits("+52 (55) 1234-5678").as_deref(), Some("525512345678"));
        assert_eq!(digits("US.1349"), None);
        assert_eq!(digits("12345"), None);
        assert_eq!(digits("1234567890123456"), None);
    }

    #[test]
    fn a_number_begins_with_its_calling_code() {
        for (digits, code) in [
            ("15550001111", Some("1")),
            ("79161234567", Some("7")),
            ("5215512345678", Some("52")),
            ("5491123456789", Some("54")),
            ("5511987654321", Some("55")),
            ("34600111222", Some("34")),
            ("50212345678", Some("502")),
            ("593991234567", Some("593")),
            ("971501234567", Some("971")),
            ("2348012345678", Some("234")),
            ("0123456789", None),
            ("US.1349", None),
            ("52155", None),
        ] {
            assert_eq!(calling_code(digits), code, "{digits}");
        }
    }
}
