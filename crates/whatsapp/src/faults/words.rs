//! Meta's own words, fit to be shown and stored.

use serde_json::Value;

use crate::wire::lenient::{as_text, id};

const CHARACTERS_MAX: usize = 400;

/// The most exact words of an error object, with its subcode and trace id.
pub fn of(error: &Value) -> String {
    let data = error.get("error_data");
    let details = data.and_then(|d| d.get("details")).and_then(as_text);
    let details = details.or_else(|| data.and_then(as_text));
    let mut words = id(error, "message").unwrap_or_default();
    let user = id(error, "error_user_msg").or_else(|| id(error, "error_user_title"));
    for more in [details, user].into_iter().flatten() {
        if !words.contains(&more) {
            if !words.is_empty() {
                words.push_str(": ");
            }
            words.push_str(&more);
        }
    }
    let mut words = clean(&words);
    if let Some(subcode) = id(error, "error_subcode") {
        words.push_str(&format!(" [subcode {subcode}]"));
    }
    if let Some(trace) = id(error, "fbtrace_id") {
        words.push_str(&format!(" [trace {}]", clip(&trace, 40)));
    }
    words.trim().to_owned()
}

/// Without tokens, without phone numbers, of a bounded length, on one line.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_alphanumeric() || matches!(c, '+' | '_' | '|') {
            word.push(c);
            continue;
        }
        out.push_str(&shown(&word));
        word.clear();
        out.push(if c.is_control() { ' ' } else { c });
    }
    clip(out.trim(), CHARACTERS_MAX)
}

/// Meta's tokens begin with `EA`, app tokens hold a bar; a phone has a plus, or
/// 10 to 14 digits (Meta's object ids have more).
fn shown(word: &str) -> String {
    let digits = word.trim_start_matches('+');
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let phone = all_digits
        && ((word.starts_with('+') && digits.len() > 5) || (10..=14).contains(&digits.len()));
    let token = word.contains('|') || (word.starts_with("EA") && word.len() >= 20);
    if token {
        "…".to_owned()
    } else if phone {
        format!("…{}", &digits[digits.len() - 2..])
    } else {
        word.to_owned()
    }
}

fn clip(text: &str, characters_max: usize) -> String {
    match text.char_indices().nth(characters_max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_phones_do_not_pass() {
        for (text, want) in [
            ("(#131030) Recipient phone number not in allowed list", None),
            (
                "Malformed access token EAAGm0PX4ZCpsBAKZAZBxyz123.",
                Some("Malformed access token …."),
            ),
            ("app 634|abcdef01 unknown", Some("app … unknown")),
            ("number +1 and +15550001111 or 15550001111", Some("number +1 and …11 or …11")),
            ("Object with ID '106540000000001' does not exist", None),
            ("two\nlines", Some("two lines")),
        ] {
            assert_eq!(clean(text), want.unwrap_or(text));
        }
        assert_eq!(clean(&"á".repeat(900)).chars().count(), CHARACTERS_MAX + 1);
    }
}
