//! A template with one member's values in place. Pure.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// `{{column}}` or `{{column|fallback}}` and what stands before and after it.
fn cut(text: &str) -> Option<(&str, &str, Option<&str>, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (inner, after) = rest.split_once("}}")?;
    Some(match inner.split_once('|') {
        Some((column, fallback)) => (before, column.trim(), Some(fallback.trim()), after),
        None => (before, inner.trim(), None, after),
    })
}

/// The columns that the template takes values from, each once.
pub fn wanted(template: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(components) = template.get("components") {
        look(components, &mut found);
    }
    found
}

fn look(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let mut rest = text.as_str();
            while let Some((_, column, _, after)) = cut(rest) {
                if !found.iter().any(|known| known == column) {
                    found.push(column.to_owned());
                }
                rest = after;
            }
        }
        Value::Array(list) => list.iter().for_each(|value| look(value, found)),
        Value::Object(map) => map.values().for_each(|value| look(value, found)),
        _ => {}
    }
}

/// Meta's message object. `None`: a variable has neither value nor fallback.
pub fn message(
    template: &Map<String, Value>,
    values: &BTreeMap<String, String>,
) -> Option<Map<String, Value>> {
    let mut template = template.clone();
    if let Some(components) = template.get_mut("components") {
        put(components, values)?;
    }
    Some(Map::from_iter([
        ("type".to_owned(), "template".into()),
        ("template".to_owned(), template.into()),
    ]))
}

fn put(value: &mut Value, values: &BTreeMap<String, String>) -> Option<()> {
    match value {
        Value::String(text) => *text = filled(text, values)?,
        Value::Array(list) => list.iter_mut().try_for_each(|value| put(value, values))?,
        Value::Object(map) => map.values_mut().try_for_each(|value| put(value, values))?,
        _ => {}
    }
    Some(())
}

fn filled(text: &str, values: &BTreeMap<String, String>) -> Option<String> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, column, fallback, after)) = cut(rest) {
        let value = values.get(column).map(String::as_str).filter(|value| !value.is_empty());
        out.push_str(before);
        // what a person wrote is put in as it is, and never read for variables
        out.push_str(value.or(fallback).filter(|value| !value.is_empty())?);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn template(text: &str) -> Map<String, Value> {
        let parameters = json!([{ "type": "text", "text": text }]);
        let components = json!([{ "type": "body", "parameters": parameters }]);
        let whole = json!({ "name": "spring", "language": { "code": "es_MX" },
            "components": components });
        whole.as_object().unwrap().clone()
    }

    fn text(of: &str, values: &[(&str, &str)]) -> Option<String> {
        let values = values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let message = message(&template(of), &values)?;
        let text = &message["template"]["components"][0]["parameters"][0]["text"];
        Some(text.as_str().unwrap().to_owned())
    }

    #[test]
    fn values_fallbacks_and_their_absence() {
        for (of, values, filled) in [
            ("hola", &[][..], Some("hola")),
            ("{{name}}", &[("name", "Ana")][..], Some("Ana")),
            ("{{ name | you }}!", &[("name", "")][..], Some("you!")),
            ("{{name}}", &[][..], None),
            ("{{name|}}", &[][..], None),
            ("{{a}} y {{b|c}}", &[("a", "{{b}}")][..], Some("{{b}} y c")),
            ("{{open", &[][..], Some("{{open")),
        ] {
            assert_eq!(text(of, values).as_deref(), filled, "{of}");
        }
        assert_eq!(wanted(&template("{{a}} {{b|x}} {{ a }}")), ["a", "b"]);
    }
}
