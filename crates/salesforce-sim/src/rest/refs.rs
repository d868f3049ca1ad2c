//! `@{ref.path}` in the subrequests of a composite.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Reply;
use crate::error::ApiError;

/// What the subrequests before have answered.
#[derive(Debug, Default)]
pub struct Answers(BTreeMap<String, Value>);

impl Answers {
    pub fn insert(&mut self, reference_id: &str, reply: &Reply) {
        let body =
            if reply.failed() { Value::Null } else { reply.body.clone().unwrap_or(Value::Null) };
        self.0.insert(reference_id.to_owned(), body);
    }

    /// The value with every reference put in place. A text that is nothing but
    /// one reference takes the type of what it refers to.
    ///
    /// PROCESSING_HALTED when a reference leads to nothing.
    pub fn fill(&self, value: &Value) -> Result<Value, ApiError> {
        Ok(match value {
            Value::String(text) => self.fill_text(text)?,
            Value::Array(items) => {
                Value::Array(items.iter().map(|v| self.fill(v)).collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let filled = members.iter().map(|(k, v)| Ok((k.clone(), self.fill(v)?)));
                Value::Object(filled.collect::<Result<Map<_, _>, ApiError>>()?)
            }
            other => other.clone(),
        })
    }

    fn fill_text(&self, text: &str) -> Result<Value, ApiError> {
        let whole =
            text.strip_prefix("@{").and_then(|t| t.strip_suffix('}')).filter(|t| !t.contains('}'));
        if let Some(path) = whole {
            return self.follow(path);
        }
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once("@{") {
            let Some((path, after)) = after.split_once('}') else {
                break;
            };
            out.push_str(before);
            match self.follow(path)? {
                Value::String(text) => out.push_str(&text),
                other => out.push_str(&other.to_string()),
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(Value::String(out))
    }

    /// `ref`, then `.name` and `[index]` steps.
    fn follow(&self, path: &str) -> Result<Value, ApiError> {
        let end = path.find(['.', '[']).unwrap_or(path.len());
        let (reference, steps) = path.split_at(end);
        let lost = || {
            let text =
                format!("Invalid reference specified. No value for {path} found in {reference}");
            ApiError::bad("PROCESSING_HALTED", text)
        };
        let mut at = self.0.get(reference).filter(|v| !v.is_null()).ok_or_else(lost)?;
        for step in steps.split(['.', '[']).filter(|s| !s.is_empty()) {
            let next = match step.strip_suffix(']') {
                Some(index) => index.parse::<usize>().ok().and_then(|i| at.get(i)),
                None => at.get(step),
            };
            at = next.ok_or_else(lost)?;
        }
        Ok(at.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_are_followed_or_halt() {
        let mut answers = Answers::default();
        answers.insert("c1", &Reply::ok(json!({ "id": "003A", "n": 5 })));
        answers.insert("list", &Reply::ok(json!([{ "id": "a0A" }, { "success": false }])));
        answers.insert("q", &Reply::ok(json!({ "records": [{ "Id": "00Q", "Phone": null }] })));
        answers.insert("bad", &Reply::error(&ApiError::bad("X", "y")));
        for (text, want) in [
            ("@{c1.id}", json!("003A")),
            ("@{c1.n}", json!(5)),
            ("/sobjects/Contact/@{c1.id}/x", json!("/sobjects/Contact/003A/x")),
            ("@{list[0].id}", json!("a0A")),
            ("@{q.records[0].Id}", json!("00Q")),
            ("@{q.records[0].Phone}", json!(null)),
            ("@{c1.id}-@{c1.n}", json!("003A-5")),
            ("no @ {reference}", json!("no @ {reference}")),
        ] {
            assert_eq!(answers.fill(&json!(text)).unwrap(), want, "{text}");
        }
        for text in ["@{bad.id}", "@{list[1].id}", "@{list[9].id}", "@{none.id}", "@{c1.ID}"] {
            assert_eq!(
                answers.fill(&json!({ "a": [text] })).unwrap_err().code,
                "PROCESSING_HALTED",
                "{text}"
            );
        }
    }
}
