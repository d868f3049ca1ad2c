//! A profile name is whatever its owner typed: empty, an emoji, three lines.
//! A Lead needs a LastName and a Company all the same.

use crate::text::fit;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadName {
    /// At most 40 UTF-16 units; may be empty.
    pub first: String,
    /// At most 80 UTF-16 units; never empty.
    pub last: String,
}

/// Splits at the last blank. A name without a letter or digit gives way to
/// `fallback` (the phone number or user name), and that to `WhatsApp`.
pub fn lead_name(profile: Option<&str>, fallback: Option<&str>) -> LeadName {
    let usable = |s: &&str| s.chars().any(char::is_alphanumeric);
    let shown = profile.filter(usable).or(fallback.filter(usable)).unwrap_or("WhatsApp");
    let clean = fit(&shown.split_whitespace().collect::<Vec<_>>().join(" "), 121);
    match clean.rsplit_once(' ') {
        Some((first, last)) if last.chars().any(char::is_alphanumeric) => {
            LeadName { first: fit(first, 40), last: fit(last, 80) }
        }
        _ => LeadName { first: String::new(), last: fit(&clean, 80) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_gives_a_last_name() {
        for (profile, fallback, first, last) in [
            (Some("Ana Pérez"), None, "Ana", "Pérez"),
            (Some("Ana"), None, "", "Ana"),
            (Some("María del Carmen Ruiz"), None, "María del Carmen", "Ruiz"),
            (Some("🌸🌸"), Some("+525512345678"), "", "+525512345678"),
            (Some("Ana 🌸"), None, "", "Ana 🌸"),
            (Some(" \n "), None, "", "WhatsApp"),
            (None, Some("ana.s"), "", "ana.s"),
            (None, None, "", "WhatsApp"),
        ] {
            let got = lead_name(profile, fallback);
            assert_eq!((got.first.as_str(), got.last.as_str()), (first, last), "{profile:?}");
        }
    }

    #[test]
    fn long_names_fit_their_fields() {
        let got = lead_name(Some(&format!("{} {}", "a".repeat(60), "b".repeat(90))), None);
        assert!(got.first.len() <= 40 && !got.last.is_empty() && got.last.len() <= 80);
    }
}
