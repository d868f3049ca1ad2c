//! Fitting text into fields. Salesforce counts UTF-16 code units.

/// The longest prefix of at most `units_max` UTF-16 code units, with control
/// characters that Salesforce refuses removed. Never splits a character.
pub fn fit(text: &str, units_max: usize) -> String {
    let mut units = 0;
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
        .take_while(|c| {
            units += c.len_utf16();
            units <= units_max
        })
        .collect()
}

/// One line of at most 255 units: what lists show.
pub fn preview(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    fit(&one_line, 255)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn never_longer_and_always_a_prefix(text in any::<String>(), max in 0usize..40) {
            let cut = fit(&text, max);
            prop_assert!(cut.encode_utf16().count() <= max);
            let clean = fit(&text, usize::MAX);
            prop_assert!(clean.starts_with(&cut));
        }
    }

    #[test]
    fn emoji_are_kept_whole_and_nul_is_dropped() {
        assert_eq!(fit("a\u{0}b", 5), "ab");
        assert_eq!(fit("👍👍", 3), "👍");
        assert_eq!(preview("a\n  b\tc"), "a b c");
    }
}
