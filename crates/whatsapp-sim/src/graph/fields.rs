//! `?fields=`: which keys of a node are answered.

use serde_json::{Map, Value};

use super::{Call, Wrong};

/// The asked fields of `node`, or `default` ones; the id always comes along.
/// A field that the kind of node does not have is code 100; one without a value
/// is left out. `a{b,c}` counts as `a`.
pub fn pick(call: &Call, kind: &str, default: &[&str], node: Value) -> Result<Value, Wrong> {
    let asked = call.query.get("fields").map(|text| names(text));
    let asked = asked.unwrap_or_else(|| default.iter().map(|f| f.to_string()).collect());
    let mut out = Map::new();
    for field in asked {
        let Some(value) = node.get(&field) else {
            let text = format!("Tried accessing nonexisting field ({field}) on node type ({kind})");
            return Err(Wrong::graph(100, None, text));
        };
        if !value.is_null() {
            out.insert(field, value.clone());
        }
    }
    out.insert("id".into(), node["id"].clone());
    Ok(Value::Object(out))
}

fn names(text: &str) -> Vec<String> {
    let (mut names, mut depth, mut name) = (Vec::new(), 0, String::new());
    for c in text.chars().chain([',']) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let done = std::mem::take(&mut name);
                // `field.limit(5)` asks for `field`.
                let done = done.trim().split('.').next().unwrap_or_default().to_owned();
                if !done.is_empty() {
                    names.push(done);
                }
            }
            c if depth == 0 => name.push(c),
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_read_past_their_braces() {
        let want = ["id", "events", "name"];
        assert_eq!(super::names("id,events{a,b{c}},name.limit(3)"), want);
        assert!(super::names("").is_empty());
    }
}
