//! A new template's definition (Cloud API, Template components).

use serde_json::Value;

use super::At;
use crate::graph::Wrong;
use crate::state::variables;

const TITLE: &str = "The template could not be created";

fn refused(subcode: u32, text: impl Into<String>) -> Wrong {
    Wrong::template(subcode, TITLE, text)
}

/// Checks name, category and components; the keys are compared without case.
pub fn check_definition(body: &Value) -> Result<(), Wrong> {
    let at = At::new(body, "template");
    let name = at.need_sized("name", 1, 512)?;
    if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Err(refused(2388039, "The name takes lower-case letters, digits and underscores."));
    }
    at.need_sized("language", 2, 15)?;
    let category = at.need("category")?;
    if !["MARKETING", "UTILITY", "AUTHENTICATION"].contains(&upper(category.value).as_str()) {
        return Err(category.invalid("must be MARKETING, UTILITY or AUTHENTICATION"));
    }
    let named = upper(&body["parameter_format"]) == "NAMED";
    let components = at.need("components")?.list(1, 6)?;
    if !components.iter().any(|c| upper(&c.value["type"]) == "BODY") {
        return Err(refused(2388047, "A template needs a BODY component."));
    }
    for component in &components {
        match upper(component.need("type")?.value).as_str() {
            "HEADER" => header(component, named)?,
            "BODY" if component.get("text").is_some() => body_text(component, named)?,
            "BODY" => drop(component.need("add_security_recommendation")?),
            "FOOTER" => footer(component)?,
            "BUTTONS" => buttons(component)?,
            "CAROUSEL" | "LIMITED_TIME_OFFER" => {}
            other => return Err(component.invalid(&format!("type {other} is not known"))),
        }
    }
    Ok(())
}

fn upper(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_uppercase()
}

fn limited(at: &At<'_>, key: &str, max: usize) -> Result<(), Wrong> {
    let text = at.need(key)?.text()?;
    match text.chars().count() {
        0 => Err(refused(2388072, format!("{} must not be empty.", at.path()))),
        n if n > max => {
            Err(refused(2388040, format!("{}: {n} characters; the limit is {max}.", at.path())))
        }
        _ => Ok(()),
    }
}

fn header(at: &At<'_>, named: bool) -> Result<(), Wrong> {
    let format = upper(at.need("format")?.value);
    match format.as_str() {
        "TEXT" => {
            limited(at, "text", 60)?;
            let text = at.value["text"].as_str().unwrap_or_default();
            if names(text, named)?.len() > 1 {
                return Err(refused(2388047, "A header takes one variable."));
            }
            example(at, text, &["header_text", "header_text_named_params"])
        }
        "IMAGE" | "VIDEO" | "DOCUMENT" | "GIF" => {
            let handle = at.get("example").and_then(|e| e.get("header_handle"));
            handle.map(drop).ok_or_else(|| refused(2388047, "A media header needs header_handle."))
        }
        "LOCATION" => Ok(()),
        _ => Err(refused(2388047, format!("Header format {format} is not known."))),
    }
}

fn body_text(at: &At<'_>, named: bool) -> Result<(), Wrong> {
    limited(at, "text", 1024)?;
    let text = at.value["text"].as_str().unwrap_or_default();
    let names = names(text, named)?;
    let bare = text.trim();
    if bare.starts_with("{{") || bare.ends_with("}}") {
        return Err(refused(2388299, "A variable must not be the first or the last of the body."));
    }
    if text.contains("}}{{") {
        return Err(refused(2388072, "Two variables must not touch."));
    }
    if names.len() * 3 > text.split_whitespace().count() {
        return Err(refused(2388293, "There are too many variables for this length."));
    }
    example(at, text, &["body_text", "body_text_named_params"])
}

/// The variables of a text: 1 to n without gaps, or unique lower-case names.
fn names(text: &str, named: bool) -> Result<Vec<String>, Wrong> {
    let mut names: Vec<String> = variables(text).into_iter().map(String::from).collect();
    names.sort();
    names.dedup();
    let good = |name: &String| {
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        !name.is_empty() && name.bytes().all(legal)
    };
    let fits = match named {
        true => names.iter().all(good) && !names.iter().any(|n| n.parse::<u32>().is_ok()),
        false => (1..=names.len()).all(|n| names.contains(&n.to_string())),
    };
    match fits {
        true => Ok(names),
        false => {
            Err(refused(2388039, "Variables run from 1 to n, or are unique lower-case names."))
        }
    }
}

fn example(at: &At<'_>, text: &str, keys: &[&str]) -> Result<(), Wrong> {
    let given = at.get("example").is_some_and(|e| keys.iter().any(|key| e.get(key).is_some()));
    match variables(text).is_empty() || given {
        true => Ok(()),
        false => Err(refused(2388039, format!("{}: every variable needs an example.", at.path()))),
    }
}

fn footer(at: &At<'_>) -> Result<(), Wrong> {
    if at.get("code_expiration_minutes").is_some() {
        return Ok(());
    }
    limited(at, "text", 60)?;
    match variables(at.value["text"].as_str().unwrap_or_default()).is_empty() {
        true => Ok(()),
        false => Err(refused(2388073, "A footer takes no variable.")),
    }
}

fn buttons(at: &At<'_>) -> Result<(), Wrong> {
    let buttons = at.need("buttons")?.list(1, 10)?;
    let kinds: Vec<String> = buttons.iter().map(|b| upper(&b.value["type"])).collect();
    for (kind, most) in [("URL", 2), ("PHONE_NUMBER", 1), ("COPY_CODE", 1), ("OTP", 1)] {
        if kinds.iter().filter(|k| *k == kind).count() > most {
            return Err(refused(2388039, format!("At most {most} buttons of type {kind}.")));
        }
    }
    // Quick replies stand together, before or after the others.
    let turns = kinds.windows(2).filter(|w| (w[0] == "QUICK_REPLY") != (w[1] == "QUICK_REPLY"));
    if turns.count() > 1 {
        return Err(refused(2388039, "Quick replies must not be mixed with other buttons."));
    }
    for button in &buttons {
        if upper(&button.value["type"]) != "OTP" && button.get("text").is_some() {
            limited(button, "text", 25)?;
        }
        match upper(button.need("type")?.value).as_str() {
            "URL" => {
                limited(button, "url", 2000)?;
                let url = button.value["url"].as_str().unwrap_or_default();
                let variables = variables(url);
                if variables.len() > 1 || (!variables.is_empty() && !url.ends_with("}}")) {
                    return Err(refused(2388039, "A URL takes one variable, at its end."));
                }
                if !variables.is_empty() && button.get("example").is_none() {
                    return Err(refused(2388039, "A URL variable needs an example."));
                }
            }
            "PHONE_NUMBER" => limited(button, "phone_number", 20)?,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn subcode(components: Value) -> Option<u32> {
        let body = json!({"name": "a_1", "language": "en_US", "category": "utility",
            "components": components});
        check_definition(&body).err().map(|wrong| wrong.subcode.unwrap_or(wrong.code))
    }

    fn text(kind: &str, text: &str) -> Value {
        json!({"type": kind, "format": "TEXT", "text": text,
            "example": {"body_text": [["x"]], "header_text": ["x"]}})
    }

    #[test]
    fn definitions_hold_their_limits() {
        let ok = || text("BODY", "Hello dear {{1}}, welcome.");
        let with = |more: Value| json!([ok(), more]);
        let replies = |n: usize| vec![json!({"type": "QUICK_REPLY", "text": "a"}); n];
        let url = json!({"type": "URL", "text": "t", "url": "https://example.com"});
        let buttons = |list: Vec<Value>| json!({"type": "BUTTONS", "buttons": list});
        let table = [
            (json!([ok()]), None),
            (json!([text("HEADER", "h")]), Some(2388047)),
            (json!([text("BODY", &"x".repeat(1024))]), None),
            (json!([text("BODY", &"x".repeat(1025))]), Some(2388040)),
            (json!([text("BODY", "{{1}} is here, dear friend")]), Some(2388299)),
            (json!([text("BODY", "dear friend, this is {{1}}")]), Some(2388299)),
            (json!([text("BODY", "hello to {{1}} and {{3}} and some words more")]), Some(2388039)),
            (json!([text("BODY", "a {{1}} b {{2}} c")]), Some(2388293)),
            (json!([{"type": "BODY", "text": "Hello dear {{1}}, welcome."}]), Some(2388039)),
            (with(text("HEADER", &"x".repeat(60))), None),
            (with(text("HEADER", &"x".repeat(61))), Some(2388040)),
            (with(text("HEADER", "{{1}} {{2}}")), Some(2388047)),
            (with(json!({"type": "HEADER", "format": "IMAGE"})), Some(2388047)),
            (with(text("FOOTER", &"x".repeat(60))), None),
            (with(text("FOOTER", &"x".repeat(61))), Some(2388040)),
            (with(text("FOOTER", "by {{1}}")), Some(2388073)),
            (with(buttons(replies(10))), None),
            (with(buttons(replies(11))), Some(131009)),
            (with(buttons(vec![url.clone(); 2])), None),
            (with(buttons(vec![url.clone(); 3])), Some(2388039)),
            (with(buttons(vec![replies(1)[0].clone(), url, replies(1)[0].clone()])), Some(2388039)),
            (
                with(buttons(vec![json!({"type": "QUICK_REPLY", "text": "x".repeat(26)})])),
                Some(2388040),
            ),
        ];
        for (nth, (components, want)) in table.into_iter().enumerate() {
            assert_eq!(subcode(components), want, "line {nth}");
        }
    }
}
