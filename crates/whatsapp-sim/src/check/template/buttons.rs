//! Button parameters: by position among all buttons, one each.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{counts, differs, parameters, substitute};
use crate::check::At;
use crate::graph::Wrong;
use crate::state::Template;

/// The template's buttons with their parameters; one that needs a parameter and
/// gets none is 132000.
pub fn fill_buttons(template: &Template, given: &[At<'_>]) -> Result<Value, Wrong> {
    let buttons = template.buttons();
    let mut filled = buttons.to_vec();
    let mut seen = BTreeSet::new();
    for part in given.iter().filter(|c| c.value["type"].as_str() == Some("button")) {
        let index = part.need("index")?;
        let nth = match index.value {
            Value::String(text) => text.parse::<usize>().ok(),
            number => number.as_u64().map(|n| n as usize),
        };
        let Some((nth, button)) = nth.and_then(|nth| Some((nth, buttons.get(nth)?))) else {
            return Err(differs("button", "there is no button at this index"));
        };
        let sub_type = part.need("sub_type")?;
        let wanted = sub_type_of(button);
        if !sub_type.text()?.eq_ignore_ascii_case(wanted) || !seen.insert(nth) {
            return Err(differs("button", &format!("index {nth} is one {wanted} button")));
        }
        let list = parameters(Some(part))?;
        let [parameter] = &list[..] else {
            return Err(counts("button", 1, list.len()));
        };
        fill_button(&mut filled[nth], wanted, parameter)?;
    }
    for (nth, button) in buttons.iter().enumerate() {
        if !seen.contains(&nth) && wants_value(button) {
            return Err(counts(&format!("button at index {nth}"), 1, 0));
        }
    }
    Ok(Value::Array(filled))
}

fn sub_type_of(button: &Value) -> &'static str {
    match button["type"].as_str().unwrap_or_default() {
        "URL" | "OTP" => "url",
        "QUICK_REPLY" => "quick_reply",
        "COPY_CODE" => "copy_code",
        "FLOW" => "flow",
        "CATALOG" => "catalog",
        "MPM" => "mpm",
        _ => "none",
    }
}

/// Buttons that cannot be sent without a parameter.
fn wants_value(button: &Value) -> bool {
    match sub_type_of(button) {
        "url" => button["url"].as_str().is_some_and(|url| url.contains("{{")),
        "copy_code" | "mpm" => true,
        _ => false,
    }
}

fn fill_button(button: &mut Value, sub_type: &str, parameter: &At<'_>) -> Result<(), Wrong> {
    let want = match sub_type {
        "url" => "text",
        "quick_reply" => "payload",
        "copy_code" => "coupon_code",
        _ => "action",
    };
    if parameter.need("type")?.text()? != want {
        return Err(differs("button", &format!("the parameter must be of type {want}")));
    }
    let value = parameter.need(want)?;
    match sub_type {
        "url" => {
            let url = button["url"].as_str().unwrap_or_default();
            if !url.contains("{{") {
                return Err(counts("button", 0, 1));
            }
            let given = value.sized(1, 2000)?;
            button["url"] = json!(substitute(url, &[("1".into(), given.into())].into()));
        }
        "quick_reply" => button["payload"] = json!(value.sized(1, 128)?),
        "copy_code" => button["coupon_code"] = json!(value.sized(1, 20)?),
        _ => button["action"] = value.value.clone(),
    }
    Ok(())
}
