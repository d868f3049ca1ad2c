//! Whom a message goes to.

use crate::wire::bsuid::is_bsuid;

/// A business-scoped id goes into `recipient` only: in `to` Meta may drop the
/// message without a word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// `+` and digits. Without the plus Meta may prepend the country code of
    /// the business number.
    To(String),
    Recipient(String),
}

impl Address {
    /// From an E.164 number or a wa_id: `+`, blanks, `-`, `.`, `(` and `)` are
    /// allowed around 7 to 15 digits. `None` for anything else.
    pub fn phone(text: &str) -> Option<Self> {
        let mut digits = String::from("+");
        for (i, c) in text.trim().chars().enumerate() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if i == 0 => {}
                ' ' | '-' | '.' | '(' | ')' | '\u{a0}' => {}
                _ => return None,
            }
        }
        (8..=16).contains(&digits.len()).then_some(Self::To(digits))
    }

    pub fn bsuid(text: &str) -> Option<Self> {
        let text = text.trim();
        is_bsuid(text).then(|| Self::Recipient(text.to_owned()))
    }

    /// Either of the two, by its form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::bsuid(text).or_else(|| Self::phone(text))
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::To(text) | Self::Recipient(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_finds_its_key() {
        let to = |text: &str| Some(Address::To(text.into()));
        assert_eq!(Address::parse("15550001111"), to("+15550001111"));
        assert_eq!(Address::parse(" +1 (555) 000-1111 "), to("+15550001111"));
        let bsuid = Some(Address::Recipient("US.ENT.118".into()));
        assert_eq!(Address::parse("US.ENT.118"), bsuid);
        for no in ["", "+", "123456", "1234567890123456", "1555000111a", "1+5550001111", "us.1"] {
            assert_eq!(Address::parse(no), None, "{no}");
        }
    }
}
