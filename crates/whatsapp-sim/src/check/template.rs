//! A template send against the template's definition.

mod buttons;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::At;
use crate::graph::Wrong;
use crate::state::{Template, variables};

/// Checks `components` of a send and answers what stands on the phone when
/// the variables are filled in.
///
/// Refusals: 132000 counts differ, 132012 kind or name differs, 132018 a value
/// holds line breaks, tabs or more than four blanks in a row, 132005 too long.
pub fn fill(template: &Template, send: &Value) -> Result<Value, Wrong> {
    let empty = json!([]);
    let given = send.get("components").filter(|v| !v.is_null()).unwrap_or(&empty);
    let given = At::new(given, "template['components']").list(0, 30)?;
    for component in &given {
        let kind = component.need("type")?;
        let known = ["header", "body", "button", "carousel", "limited_time_offer"];
        if !known.contains(&kind.text()?.to_lowercase().as_str()) {
            return Err(kind.invalid("is not a known component"));
        }
    }
    let mut content = json!({ "name": template.name, "language": template.language });
    if let Some(header) = template.component("HEADER") {
        content["header"] = fill_header(template, header, part(&given, "header"))?;
    } else if part(&given, "header").is_some() {
        return Err(counts("header", 0, 1));
    }
    let body = template.component("BODY").and_then(|c| c["text"].as_str()).unwrap_or_default();
    let body = fill_text(template, "body", body, parameters(part(&given, "body"))?)?;
    if body.chars().count() > 1024 {
        return Err(Wrong::with(132005, "body: the text with its values exceeds 1024 characters"));
    }
    content["body"] = json!(body);
    if let Some(footer) = template.component("FOOTER").and_then(|c| c.get("text")) {
        content["footer"] = footer.clone();
    }
    content["buttons"] = buttons::fill_buttons(template, &given)?;
    Ok(content)
}

fn part<'a>(given: &'a [At<'a>], kind: &str) -> Option<&'a At<'a>> {
    given.iter().find(|c| c.value["type"].as_str().is_some_and(|k| k.eq_ignore_ascii_case(kind)))
}

fn parameters<'a>(component: Option<&'a At<'a>>) -> Result<Vec<At<'a>>, Wrong> {
    let list = component.and_then(|c| c.get("parameters"));
    list.map_or(Ok(Vec::new()), |at| at.list(0, 100))
}

fn counts(place: &str, want: usize, got: usize) -> Wrong {
    let details = format!(
        "{place}: number of localizable_params ({got}) does not match the expected number of \
         params ({want})"
    );
    Wrong::with(132000, details)
}

fn differs(place: &str, why: &str) -> Wrong {
    Wrong::with(132012, format!("{place}: {why}"))
}

fn fill_header(
    template: &Template,
    header: &Value,
    given: Option<&At<'_>>,
) -> Result<Value, Wrong> {
    let list = parameters(given)?;
    let format = header["format"].as_str().unwrap_or("TEXT");
    if format == "TEXT" {
        let text = header["text"].as_str().unwrap_or_default();
        return fill_text(template, "header", text, list).map(Value::String);
    }
    let [parameter] = &list[..] else {
        return Err(counts("header", 1, list.len()));
    };
    let kind = format.to_lowercase();
    if parameter.need("type")?.text()? != kind {
        return Err(differs("header", &format!("expected {format}")));
    }
    let medium = parameter.need(&kind)?;
    if format == "LOCATION" {
        for key in ["latitude", "longitude", "name", "address"] {
            medium.need(key)?;
        }
    } else {
        super::content::media(&medium, &["id", "link", "filename", "caption"])?;
    }
    Ok(json!({ "type": kind, kind.clone(): medium.value }))
}

fn fill_text(
    template: &Template,
    place: &str,
    text: &str,
    given: Vec<At<'_>>,
) -> Result<String, Wrong> {
    let named = template.parameter_format == "NAMED";
    let mut wanted = variables(text);
    let mut seen = BTreeSet::new();
    wanted.retain(|name| seen.insert(*name));
    if wanted.len() != given.len() {
        return Err(counts(place, wanted.len(), given.len()));
    }
    let mut values = BTreeMap::new();
    for (nth, parameter) in given.iter().enumerate() {
        let name = match named {
            false => (nth + 1).to_string(),
            true => {
                let name = parameter.get("parameter_name");
                let name = name.ok_or_else(|| differs(place, "parameter_name is missing"))?;
                name.text()?.to_owned()
            }
        };
        if !wanted.contains(&name.as_str()) {
            return Err(differs(place, &format!("there is no parameter {name}")));
        }
        values.insert(name, value_of(parameter, place)?);
    }
    if values.len() != wanted.len() {
        return Err(differs(place, "a parameter is given twice"));
    }
    Ok(substitute(text, &values))
}

fn substitute(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else {
            break;
        };
        out.push_str(before);
        out.push_str(values.get(name.trim()).map_or("", String::as_str));
        rest = tail;
    }
    out + rest
}

/// The text of one `text`, `currency` or `date_time` parameter.
fn value_of(parameter: &At<'_>, place: &str) -> Result<String, Wrong> {
    let kind = parameter.need("type")?.text()?;
    let text = match kind {
        "text" => parameter.need("text")?.text()?,
        "currency" | "date_time" => parameter.need(kind)?.need("fallback_value")?.text()?,
        other => return Err(differs(place, &format!("type {other} is not text"))),
    };
    if text.is_empty() {
        return Err(Wrong::with(131008, format!("{place}: a text parameter must not be empty")));
    }
    if text.contains(['\n', '\t']) || text.contains("     ") {
        let why =
            "Param text cannot have new-line/tab characters or more than 4 consecutive spaces";
        return Err(Wrong::with(132018, format!("{place}: {why}")));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests;
