//! Business-scoped user ids: `US.13491208655302741918`, or `US.ENT.…` for the
//! parent id of linked portfolios (Cloud API, Business-scoped user IDs).

/// Two capital letters, a dot, optionally `ENT.`, then 1 to 128 letters and digits.
pub fn is_bsuid(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else {
        return false;
    };
    let id = rest.strip_prefix("ENT.").unwrap_or(rest);
    country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && (1..=128).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Whether `text` is the id that linked portfolios share.
pub fn is_parent(text: &str) -> bool {
    is_bsuid(text) && text[2..].starts_with(".ENT.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_and_near_misses_are_none() {
        for yes in ["US.1", "MX.13491208655302741918", "US.ENT.11810000000000", "BR.aZ9"] {
            assert!(is_bsuid(yes), "{yes}");
        }
        let long = format!("US.{}", "1".repeat(129));
        for no in ["", "US.", "us.1", "USA.1", "15550001111", "+1555", "US.ENT.", "US.1-2", &long] {
            assert!(!is_bsuid(no), "{no}");
        }
        assert!(is_parent("US.ENT.118") && !is_parent("US.118"));
    }
}
