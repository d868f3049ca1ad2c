//! Phone numbers as handles: what people typed as a line, one match key for the
//! forms in which one line is written, and the forms to look for where somebody
//! else stored it.
//!
//! WhatsApp's id of a line differs from the dialled number in three countries:
//! Mexico (`521` + 10 digits for older accounts), Argentina (`549` + 10) and
//! Brazil (area codes from 31 on mostly without the ninth digit). A key never
//! replaces the wa_id: it is only compared.

mod plans;
mod read;
mod variants;

pub use plans::Country;
pub use read::{Reading, read};
pub use variants::{e164, match_key, variants};

/// Digits of a number with country code, such as a wa_id: `+52 (55) 1234-5678`
/// gives `525512345678`. `None` when there are fewer than 7 or more than 15 of
/// them.
pub fn digits(written: &str) -> Option<String> {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let stray = written.chars().any(|c| !(c.is_ascii_digit() || "+-() ./\u{a0}".contains(c)));
    (!stray && (7..=15).contains(&digits.len())).then_some(digits)
}

/// How the line may be written in somebody's phone field: each variant with
/// and without `+`, and as it is spelled abroad and at home.
pub fn written_forms(digits: &str, home: Option<Country>) -> Vec<String> {
    let mut forms: Vec<_> =
        variants(digits).into_iter().flat_map(|v| [format!("+{v}"), v]).collect();
    for form in plans::spellings(e164(digits).trim_start_matches('+'), home) {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

/// The calling code of an international number's country; several countries
/// share 1, 7 and a few others.
pub fn calling_code(of: &str) -> Option<String> {
    plans::country_code(&digits(of)?).map(|code| code.to_string())
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
            assert_eq!(calling_code(digits).as_deref(), code, "{digits}");
        }
    }
}
