//! Limits of interactive messages, by their kind.

use serde_json::Value;

use super::{Found, simple};
use crate::wire::send::{Action, Header, Interactive};

pub const HEADER_MAX: usize = 60;
pub const FOOTER_MAX: usize = 60;
const BODY_MAX: usize = 1024;
const LIST_BODY_MAX: usize = 4096;
const ROWS_MAX: usize = 10;
const SECTIONS_MAX: usize = 10;
const PRODUCTS_MAX: usize = 30;

pub fn check(part: &Interactive, found: &mut Found) {
    let kind = part.kind.as_str();
    let body_max = if kind == "list" { LIST_BODY_MAX } else { BODY_MAX };
    match &part.body {
        Some(body) => found.length("interactive.body.text", &body.text, 1, body_max),
        None if kind != "product" => {
            found.add("interactive.body", format!("required for `{kind}`"), "add body.text");
        }
        None => {}
    }
    if let Some(footer) = &part.footer {
        found.length("interactive.footer.text", &footer.text, 1, FOOTER_MAX);
    }
    let headers: &[&str] = match kind {
        "button" | "cta_url" | "flow" => &["text", "image", "video", "document"],
        "list" | "product_list" => &["text"],
        _ => &[],
    };
    // Kinds that we pass on as they are: their headers are Meta's affair.
    let known = KINDS.contains(&kind);
    if let Some(given) = &part.header {
        header(given, known.then_some((kind, headers)), found);
    }
    let action = &part.action;
    match kind {
        "button" => buttons(action, found),
        "list" => list(action, found),
        "cta_url" => cta_url(action, found),
        "flow" => flow(action, found),
        "location_request_message" => bare(part, "send_location", found),
        "request_contact_info" => bare(part, "request_contact_info", found),
        "product" => {
            required("catalog_id", &action.catalog_id, found);
            required("product_retailer_id", &action.product_retailer_id, found);
        }
        "product_list" => product_list(part, found),
        "carousel" => found.count("interactive.action.cards", action.cards.len(), 2, 10),
        "catalog_message" | "address_message" | "voice_call" | "call_permission_request" => {
            named(action, kind, found);
        }
        "order_details" | "order_status" => {}
        _ => {
            let limit = format!("one of {}, found `{kind}`", KINDS.join(", "));
            found.add("interactive.type", limit, "use one of these");
        }
    }
}

const KINDS: [&str; 15] = [
    "button",
    "list",
    "cta_url",
    "flow",
    "location_request_message",
    "request_contact_info",
    "product",
    "product_list",
    "catalog_message",
    "carousel",
    "address_message",
    "voice_call",
    "call_permission_request",
    "order_details",
    "order_status",
];

fn header(header: &Header, allowed: Option<(&str, &[&str])>, found: &mut Found) {
    let path = "interactive.header";
    if let Some((kind, allowed)) = allowed
        && !["order_details", "order_status"].contains(&kind)
        && !allowed.contains(&header.kind.as_str())
    {
        let limit = match allowed {
            [] => format!("`{kind}` has no header"),
            some => {
                format!("`{kind}` takes a header of {}, found `{}`", some.join(", "), header.kind)
            }
        };
        return found.add(path, limit, "leave the header out, or change its type");
    }
    let missing = match header.kind.as_str() {
        "text" => match &header.text {
            Some(text) => {
                found.length("interactive.header.text", text, 1, HEADER_MAX);
                false
            }
            None => true,
        },
        "image" => header
            .image
            .as_ref()
            .map(|f| simple::captioned("interactive.header.image", f, found))
            .is_none(),
        "video" => header
            .video
            .as_ref()
            .map(|f| simple::captioned("interactive.header.video", f, found))
            .is_none(),
        "document" => header
            .document
            .as_ref()
            .map(|f| simple::document("interactive.header.document", f, found))
            .is_none(),
        _ => {
            return found.add(
                "interactive.header.type",
                "text, image, video or document",
                "use one of these",
            );
        }
    };
    if missing {
        let limit = format!("required when header.type is `{}`", header.kind);
        found.add(format!("{path}.{}", header.kind), limit, "add it");
    }
}

fn buttons(action: &Action, found: &mut Found) {
    let path = "interactive.action.buttons";
    found.count(path, action.buttons.len(), 1, 3);
    for (i, button) in action.buttons.iter().enumerate() {
        if button.kind != "reply" {
            found.add(format!("{path}[{i}].type"), "`reply`", "write `reply`");
        }
        found.length(&format!("{path}[{i}].reply.id"), &button.reply.id, 1, 256);
        found.length(&format!("{path}[{i}].reply.title"), &button.reply.title, 1, 20);
    }
    found.unique(path, action.buttons.iter().map(|b| b.reply.id.as_str()));
    found.unique(path, action.buttons.iter().map(|b| b.reply.title.as_str()));
}

fn list(action: &Action, found: &mut Found) {
    match &action.button {
        Some(label) => found.length("interactive.action.button", label, 1, 20),
        None => {
            found.add("interactive.action.button", "1 to 20 characters", "add the list's label")
        }
    }
    let sections = &action.sections;
    found.count("interactive.action.sections", sections.len(), 1, SECTIONS_MAX);
    let rows: usize = sections.iter().map(|s| s.rows.len()).sum();
    if rows == 0 || rows > ROWS_MAX {
        let limit = format!("1 to {ROWS_MAX} rows in all sections together, found {rows}");
        found.add("interactive.action.sections", limit, "add rows, or leave some out");
    }
    for (i, section) in sections.iter().enumerate() {
        let path = format!("interactive.action.sections[{i}]");
        if section.title.is_none() && sections.len() > 1 {
            found.add(format!("{path}.title"), "required with several sections", "add a title");
        }
        found.optional(&format!("{path}.title"), section.title.as_deref(), 24);
        for (j, row) in section.rows.iter().enumerate() {
            found.length(&format!("{path}.rows[{j}].id"), &row.id, 1, 200);
            found.length(&format!("{path}.rows[{j}].title"), &row.title, 1, 24);
            let description = row.description.as_deref().filter(|d| !d.is_empty());
            found.optional(&format!("{path}.rows[{j}].description"), description, 72);
        }
    }
    let ids = sections.iter().flat_map(|s| &s.rows).map(|row| row.id.as_str());
    found.unique("interactive.action.sections", ids);
}

fn cta_url(action: &Action, found: &mut Found) {
    named(action, "cta_url", found);
    if let Some(label) = parameter(action, "display_text", found) {
        found.length("interactive.action.parameters.display_text", &label, 1, 20);
    }
    if let Some(url) = parameter(action, "url", found) {
        simple::web_link("interactive.action.parameters.url", &url, found);
    }
}

fn flow(action: &Action, found: &mut Found) {
    named(action, "flow", found);
    if let Some(label) = parameter(action, "flow_cta", found) {
        found.length("interactive.action.parameters.flow_cta", &label, 1, 30);
    }
    parameter(action, "flow_message_version", found);
    let held = |key: &str| action.parameters.as_ref().is_some_and(|p| p.get(key).is_some());
    if held("flow_id") == held("flow_name") {
        let limit = "flow_id or flow_name, one of the two";
        found.add("interactive.action.parameters", limit, "give exactly one of them");
    }
}

/// A question without header, footer or parameters.
fn bare(part: &Interactive, name: &str, found: &mut Found) {
    named(&part.action, name, found);
    if part.footer.is_some() {
        found.add("interactive.footer", format!("`{}` has no footer", part.kind), "leave it out");
    }
}

fn product_list(part: &Interactive, found: &mut Found) {
    required("catalog_id", &part.action.catalog_id, found);
    if part.header.is_none() {
        found.add("interactive.header", "a text header is required", "add header.text");
    }
    let sections = &part.action.sections;
    found.count("interactive.action.sections", sections.len(), 1, SECTIONS_MAX);
    let products = sections.iter().map(|s| s.product_items.len()).sum();
    found.count("interactive.action.sections", products, 1, PRODUCTS_MAX);
}

fn named(action: &Action, name: &str, found: &mut Found) {
    if action.name.as_deref() != Some(name) {
        let limit = format!("`{name}`, found `{}`", action.name.as_deref().unwrap_or_default());
        found.add("interactive.action.name", limit, format!("write `{name}`"));
    }
}

fn required(key: &str, value: &Option<String>, found: &mut Found) {
    if value.as_deref().is_none_or(|text| text.trim().is_empty()) {
        found.add(format!("interactive.action.{key}"), "required", "add it");
    }
}

fn parameter(action: &Action, key: &str, found: &mut Found) -> Option<String> {
    let value = action.parameters.as_ref().and_then(|p| p.get(key)).and_then(Value::as_str);
    if value.is_none() {
        found.add(format!("interactive.action.parameters.{key}"), "required, as text", "add it");
    }
    value.map(str::to_owned)
}
