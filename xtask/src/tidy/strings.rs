//! A text that one language lacks shows up as a bare key to its readers.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

use super::Violation;
use super::tree::{File, Tree};

const FOLDER: &str = "console/src/i18n/";
const FIRST: &str = "console/src/i18n/es.json";
const LANGUAGES: [&str; 3] = ["es", "en", "pt"];

pub fn check(tree: &Tree) -> Result<Vec<Violation>> {
    let Some(first) = tree.get(FIRST) else {
        return Ok(Vec::new());
    };
    let wanted = texts(first)?;
    let mut found = Vec::new();
    for language in LANGUAGES {
        let path = format!("{FOLDER}{language}.json");
        let Some(file) = tree.get(&path) else {
            let what = "is missing".to_owned();
            found.push(Violation { rule: "strings", path, line: 0, what });
            continue;
        };
        let have = texts(file)?;
        let mut say = |what: String| found.push(file.violation("strings", 0, what));
        for (key, text) in &wanted {
            match have.get(key) {
                None => say(format!("lacks `{key}`, which {FIRST} has")),
                Some(here) if here.trim().is_empty() => say(format!("`{key}` is empty")),
                Some(here) if places(here) != places(text) => say(format!(
                    "`{key}` has the placeholders {:?}, {FIRST} has {:?}",
                    places(here),
                    places(text)
                )),
                Some(_) => {}
            }
        }
        for key in have.keys().filter(|key| !wanted.contains_key(*key)) {
            say(format!("has `{key}`, which {FIRST} lacks"));
        }
    }
    Ok(found)
}

/// `a.b.c` -> text, however deep.
fn texts(file: &File) -> Result<BTreeMap<String, String>> {
    let json: Value =
        serde_json::from_str(&file.text).with_context(|| format!("{} is not JSON", file.path))?;
    let mut flat = BTreeMap::new();
    flatten("", &json, &mut flat);
    Ok(flat)
}

fn flatten(at: &str, value: &Value, flat: &mut BTreeMap<String, String>) {
    if let Value::Object(fields) = value {
        for (name, inner) in fields {
            let key = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
            flatten(&key, inner, flat);
        }
    } else {
        flat.insert(at.to_owned(), value.as_str().unwrap_or_default().to_owned());
    }
}

/// The names between `{{` and `}}`.
fn places(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::planted;

    fn with(pt: &str) -> usize {
        let es = r#"{"home": {"hi": "Hola, {{name}}", "bye": "Adiós"}}"#;
        let en = r#"{"home": {"hi": "Hello, {{name}}", "bye": "Bye"}}"#;
        let at = |language: &str| format!("{FOLDER}{language}.json");
        let tree = planted(&[(&at("es"), es), (&at("en"), en), (&at("pt"), pt)]);
        check(&tree).unwrap().len()
    }

    #[test]
    fn a_missing_key_an_extra_one_an_empty_one_and_another_placeholder_are_found() {
        assert_eq!(with(r#"{"home": {"hi": "Olá, {{name}}", "bye": "Tchau"}}"#), 0);
        assert_eq!(with(r#"{"home": {"hi": "Olá, {{name}}"}}"#), 1);
        assert_eq!(with(r#"{"home": {"hi": "Olá, {{name}}", "bye": "T", "more": "x"}}"#), 1);
        assert_eq!(with(r#"{"home": {"hi": "Olá, {{name}}", "bye": " "}}"#), 1);
        assert_eq!(with(r#"{"home": {"hi": "Olá, {{nome}}", "bye": "Tchau"}}"#), 1);
    }

    #[test]
    fn a_missing_language_is_found() {
        assert_eq!(check(&planted(&[(FIRST, "{}")])).unwrap().len(), 2);
    }
}
