//! Variables of a text: `{{1}}`, `{{first_name}}`.

/// Names between double braces, each once, in the order of their first use.
pub fn variables(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in text.split("{{").skip(1) {
        let Some((name, _)) = part.split_once("}}") else {
            continue;
        };
        let name = name.trim();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The text with what `value` knows of each variable; others stay as they are.
pub(super) fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut parts = text.split("{{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("}}") {
            Some((name, rest)) => {
                match value(name.trim()) {
                    Some(value) => out.push_str(&value),
                    None => out.push_str(&format!("{{{{{}}}}}", name.trim())),
                }
                out.push_str(rest);
            }
            None => {
                out.push_str("{{");
                out.push_str(part);
            }
        }
    }
    out
}
