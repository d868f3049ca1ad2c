//! Percent-encoding for query strings and forms: everything but the unreserved
//! characters, so that `+` in a date-time and `'` in a literal survive.

use std::fmt::Write as _;

pub(crate) fn component(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// `application/x-www-form-urlencoded`.
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> =
        pairs.iter().map(|(k, v)| format!("{}={}", component(k), component(v))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_with_a_meaning_goes_out_raw() {
        assert_eq!(component("a+b='ñ' &/?"), "a%2Bb%3D%27%C3%B1%27%20%26%2F%3F");
        assert_eq!(form(&[("a b", "1&2"), ("c", "")]), "a%20b=1%262&c=");
    }
}
