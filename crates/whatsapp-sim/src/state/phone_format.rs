//! Dialled numbers and WhatsApp ids are not the same in three countries.

/// Drops `+`, blanks, dashes and brackets; `None` for anything else that is
/// not a digit, and for less than 7 or more than 15 digits.
pub fn digits(input: &str) -> Option<String> {
    let kept: String = input.chars().filter(|c| !"+-() ".contains(*c)).collect();
    let fits = (7..=15).contains(&kept.len()) && kept.bytes().all(|b| b.is_ascii_digit());
    fits.then_some(kept)
}

/// The WhatsApp id of a dialled number, by the prefixes that Meta rewrites:
/// Mexico gains a 1, Argentina a 9, Brazil loses the ninth digit outside the
/// area codes 11 to 28.
pub fn wa_id_of(dialled: &str) -> String {
    let key = match_key(dialled);
    match (&key[..key.len().min(2)], key.len()) {
        ("52", 12) => format!("521{}", &key[2..]),
        ("54", 12) => format!("549{}", &key[2..]),
        ("55", 12) if keeps_ninth(&key) && mobile(&key) => {
            format!("{}9{}", &key[..4], &key[4..])
        }
        _ => key,
    }
}

/// One form for all spellings of a number, to find its owner by.
pub fn match_key(digits: &str) -> String {
    let without = |at: usize| format!("{}{}", &digits[..at], &digits[at + 1..]);
    match (&digits[..digits.len().min(3)], digits.len()) {
        ("521" | "549", 13) => without(2),
        (cc, 13) if cc.starts_with("55") && digits.as_bytes()[4] == b'9' => without(4),
        _ => digits.to_owned(),
    }
}

fn keeps_ninth(key: &str) -> bool {
    key[2..4].parse::<u8>().is_ok_and(|area| (11..=28).contains(&area))
}

/// Eight-digit Brazilian subscribers that start with 6 to 9 are mobiles.
fn mobile(key: &str) -> bool {
    matches!(key.as_bytes()[4], b'6'..=b'9')
}

/// ISO code of the country, for the prefix of a BSUID; `US` where unknown.
pub fn country_of(digits: &str) -> &'static str {
    const PREFIXES: [(&str, &str); 24] = [
        ("971", "AE"),
        ("972", "IL"),
        ("351", "PT"),
        ("353", "IE"),
        ("234", "NG"),
        ("254", "KE"),
        ("27", "ZA"),
        ("30", "GR"),
        ("31", "NL"),
        ("33", "FR"),
        ("34", "ES"),
        ("39", "IT"),
        ("44", "GB"),
        ("48", "PL"),
        ("49", "DE"),
        ("51", "PE"),
        ("52", "MX"),
        ("54", "AR"),
        ("55", "BR"),
        ("56", "CL"),
        ("57", "CO"),
        ("62", "ID"),
        ("65", "SG"),
        ("91", "IN"),
    ];
    PREFIXES.iter().find(|(cc, _)| digits.starts_with(cc)).map_or("US", |(_, iso)| iso)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_from_dialled_numbers_where_meta_rewrites() {
        let table = [
            ("5215512345678", "5215512345678"),
            ("525512345678", "5215512345678"),
            ("541123456789", "5491123456789"),
            ("5491123456789", "5491123456789"),
            ("5511987654321", "5511987654321"),
            ("551187654321", "5511987654321"),
            ("5531987654321", "553187654321"),
            ("551133334444", "551133334444"),
            ("15550001111", "15550001111"),
        ];
        for (dialled, wa_id) in table {
            assert_eq!(wa_id_of(dialled), wa_id, "{dialled}");
            assert_eq!(match_key(dialled), match_key(wa_id), "{dialled}");
        }
    }

    #[test]
    fn spellings_are_cleaned_and_nonsense_refused() {
        assert_eq!(digits("+1 (555) 000-1111").as_deref(), Some("15550001111"));
        for bad in ["", "+", "abc", "US.1349120000", "123456", "1234567890123456", "1555000111a"] {
            assert_eq!(digits(bad), None, "{bad}");
        }
    }
}
