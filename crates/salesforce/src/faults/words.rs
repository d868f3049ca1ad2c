//! Salesforce's own words, made fit for a log: it repeats values of ours in
//! some of its messages, and those are personal.

/// Longer messages are cut; a stack trace adds nothing.
const CHARS_MAX: usize = 400;

/// `message` without the values it repeats: the text after "data value too
/// large:", words with an `@`, and runs of seven digits or more that stand
/// alone. Record ids and field names stay.
pub(super) fn safe(code: &str, message: &str) -> String {
    // An error id of Salesforce's looks like a phone number and is needed.
    if matches!(code, "UNKNOWN_EXCEPTION" | "UNKNOWN_ERROR") {
        return cut(message);
    }
    let mut text = message.to_owned();
    if let Some(start) =
        text.find("data value too large: ").map(|i| i + "data value too large: ".len())
    {
        let end = text.rfind(" (max length").filter(|end| *end >= start).unwrap_or(text.len());
        text.replace_range(start..end, "…");
    }
    let words = text.split(' ').map(|word| if hides(word) { "…" } else { word });
    cut(&words.collect::<Vec<_>>().join(" "))
}

fn hides(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    let phone = digits >= 7 && bare.bytes().all(|b| b.is_ascii_digit() || b"-.()/".contains(&b));
    word.contains('@') || phone
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The record that "duplicates value on record with id: …" names.
pub(super) fn duplicate_id(message: &str) -> Option<model::ids::RecordId> {
    let (_, tail) = message.split_once("with id:")?;
    let id: String = tail.trim_start().chars().take_while(char::is_ascii_alphanumeric).collect();
    crate::ids::answered(&id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_ours_do_not_get_through() {
        for (code, message, want) in [
            (
                "STRING_TOO_LONG",
                "Last Name: data value too large: Ana (max length=80) of (max length=80)",
                "Last Name: data value too large: … (max length=80)",
            ),
            (
                "INVALID_EMAIL_ADDRESS",
                "Email: invalid email address: ana@x",
                "Email: invalid email address: …",
            ),
            ("X", "no value +5491155500000 here", "no value … here"),
            ("X", "on record 0015500001QdQWaAAN", "on record 0015500001QdQWaAAN"),
            (
                "UNKNOWN_EXCEPTION",
                "ErrorId: 1358398043-134826 (1489024590)",
                "ErrorId: 1358398043-134826 (1489024590)",
            ),
        ] {
            assert_eq!(safe(code, message), want);
        }
    }

    #[test]
    fn long_messages_are_cut_between_characters() {
        assert_eq!(safe("X", &"ñ".repeat(500)).chars().count(), CHARS_MAX + 1);
    }

    #[test]
    fn the_id_of_a_duplicate_is_read() {
        let id = |m| duplicate_id(m).map(|id| id.as_str().to_owned());
        let said =
            "duplicate value found: Key__c duplicates value on record with id: 0015500001QdQWa";
        assert_eq!(id(said).as_deref(), Some("0015500001QdQWaAAN"));
        assert_eq!(
            id("duplicate value found: <unknown> duplicates value on record with id: <unknown>"),
            None
        );
        assert_eq!(id("duplicate value found"), None);
    }
}
