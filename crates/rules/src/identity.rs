//! A person is an identity with handles; the phone number is one of them.
//!
//! Strong handles (business-scoped user id, wa_id) find a person. The phone
//! match key is weak: families and firms share lines, so it finds a person
//! only when nothing contradicts it.

use crate::phone;

/// What one webhook tells about a sender. Any part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    pub bsuid: Option<String>,
    pub parent_bsuid: Option<String>,
    pub wa_id: Option<String>,
    pub username: Option<String>,
    pub name: Option<String>,
    pub country: Option<String>,
}

/// The texts of which handles are hashed; scope first, so that the same user
/// id in two portfolios is two handles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandleTexts {
    pub bsuid: Option<String>,
    pub wa_id: Option<String>,
    pub phone: Option<String>,
}

pub fn handle_texts(sender: &Sender, portfolio: &str) -> HandleTexts {
    let digits = sender.wa_id.as_deref().and_then(phone::digits);
    HandleTexts {
        bsuid: sender.bsuid.as_deref().map(|b| bsuid_text(portfolio, b)),
        wa_id: sender.wa_id.as_deref().map(wa_id_text),
        phone: digits.map(|d| phone_text(&d)),
    }
}

pub fn bsuid_text(portfolio: &str, bsuid: &str) -> String {
    format!("bsuid|{portfolio}|{bsuid}")
}

pub fn wa_id_text(wa_id: &str) -> String {
    format!("wa_id|{wa_id}")
}

/// `digits` in any national variant.
pub fn phone_text(digits: &str) -> String {
    format!("phone|{}", phone::match_key(digits))
}

/// Business-scoped user id: two letters, a dot, up to 128 letters and digits;
/// a parent id has `ENT.` between.
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

/// Whom the handles found. `strong` in the order of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<P> {
    pub by_bsuid: Option<P>,
    pub by_wa_id: Option<P>,
    /// The person of the phone key, and whether they have a wa_id of their own.
    pub by_phone: Option<(P, bool)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who<P> {
    Known(P),
    /// Two persons claim the sender's handles: the first is taken, and a
    /// person is asked whether they are one.
    Disputed(P, P),
    Unknown,
}

pub fn decide<P: Copy + PartialEq>(found: Found<P>) -> Who<P> {
    match (found.by_bsuid, found.by_wa_id) {
        (Some(a), Some(b)) if a != b => Who::Disputed(a, b),
        (Some(p), _) | (None, Some(p)) => Who::Known(p),
        (None, None) => match found.by_phone {
            Some((p, false)) => Who::Known(p),
            Some((_, true)) | None => Who::Unknown,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Found<u8> = Found { by_bsuid: None, by_wa_id: None, by_phone: None };

    #[test]
    fn strong_handles_find_and_disagreement_is_told() {
        assert_eq!(decide(Found { by_bsuid: Some(1), ..NOBODY }), Who::Known(1));
        assert_eq!(decide(Found { by_wa_id: Some(2), ..NOBODY }), Who::Known(2));
        assert_eq!(decide(Found { by_bsuid: Some(1), by_wa_id: Some(1), ..NOBODY }), Who::Known(1));
        assert_eq!(
            decide(Found { by_bsuid: Some(1), by_wa_id: Some(2), by_phone: Some((3, false)) }),
            Who::Disputed(1, 2)
        );
    }

    #[test]
    fn a_shared_line_never_merges_two_people() {
        assert_eq!(decide(Found { by_phone: Some((1, true)), ..NOBODY }), Who::Unknown);
        assert_eq!(decide(Found { by_phone: Some((1, false)), ..NOBODY }), Who::Known(1));
        assert_eq!(decide(NOBODY), Who::Unknown);
    }

    #[test]
    fn a_person_without_a_phone_has_a_handle() {
        let sender = Sender { bsuid: Some("US.1349".into()), ..Sender::default() };
        let texts = handle_texts(&sender, "506");
        assert_eq!(texts.bsuid.as_deref(), Some("bsuid|506|US.1349"));
        assert_eq!((texts.wa_id, texts.phone), (None, None));
    }

    #[test]
    fn recognises_user_ids() {
        for yes in ["US.13491208655302741918", "MX.ENT.118", "BR.a1B2"] {
            assert!(is_bsuid(yes), "{yes}");
        }
        for no in ["", "5215512345678", "us.1", "US.", "US.ENT.", "USA.1", "US.a b"] {
            assert!(!is_bsuid(no), "{no}");
        }
    }
}
