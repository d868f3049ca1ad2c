//! Whether a send gives a template exactly what it asks for.

use serde_json::Value;

use super::preview::preview;
use super::shape::{ButtonKind, Header, Shape, list};
use super::{BODY_MAX, Complaint, HEADER_MAX};

/// Kinds of value that a text variable takes.
const TEXTS: [&str; 3] = ["text", "currency", "date_time"];
/// Of a code to log in with.
const CODE_MAX: usize = 15;

/// What a send gives: `template.components`, as Meta's API takes them.
#[derive(Clone, Copy, Debug)]
pub struct Send<'a> {
    pub components: &'a [Value],
    /// `MARKETING`, `UTILITY`, `AUTHENTICATION`.
    pub category: &'a str,
}

/// Every mistake: count, names, kinds and lengths of the values.
pub fn fit(shape: &Shape, send: Send<'_>) -> Vec<Complaint> {
    let mut found = Vec::new();
    parts(shape, send.components, "template.components", &mut found);
    if found.is_empty() && send.category == "AUTHENTICATION" {
        code(send.components, &mut found);
    }
    found
}

fn parts(shape: &Shape, components: &[Value], path: &str, found: &mut Vec<Complaint>) {
    let at = |kind: &str| {
        let place = components.iter().position(|c| c["type"] == kind);
        place.map(|place| (format!("{path}[{place}]"), &components[place]))
    };
    header(shape, at("header"), path, found);
    texts(shape.named, &shape.body(), at("body"), "body", path, found);
    buttons(shape, components, path, found);
    match (shape.offer, at("limited_time_offer")) {
        (true, None) => found.push(missing(path, "limited_time_offer", "a limited_time_offer")),
        (false, Some((field, _))) => found.push(surplus(&field, "limited-time offer")),
        _ => {}
    }
    match at("carousel") {
        Some((field, _)) if shape.cards.is_empty() => found.push(surplus(&field, "carousel")),
        None if shape.cards.is_empty() => {}
        None => found.push(missing(path, "carousel", "its cards")),
        Some((field, carousel)) => {
            let cards: Vec<_> = list(&carousel["cards"]).collect();
            if cards.len() != shape.cards.len() {
                let why =
                    format!("the template has {} cards, found {}", shape.cards.len(), cards.len());
                found.push(Complaint::new(format!("{field}.cards"), why, "give each card once"));
            }
            for (n, (card, shape)) in cards.iter().zip(&shape.cards).enumerate() {
                let inner: Vec<_> = list(&card["components"]).cloned().collect();
                parts(shape, &inner, &format!("{field}.cards[{n}].components"), found);
            }
        }
    }
    if found.is_empty() {
        let shown = preview(shape, components);
        long(path, "body", &shown.body, BODY_MAX, found);
        long(path, "header", shown.header.as_deref().unwrap_or_default(), HEADER_MAX, found);
    }
}

fn long(path: &str, part: &str, text: &str, max: usize, found: &mut Vec<Complaint>) {
    let length = text.chars().count();
    if length > max {
        let why = format!("the {part} takes {max} characters with its values, found {length}");
        found.push(Complaint::new(path, why, "shorten the values"));
    }
}

fn header(shape: &Shape, given: Option<(String, &Value)>, path: &str, found: &mut Vec<Complaint>) {
    let kind = match &shape.header {
        Header::None | Header::Text(_) => {
            let names = shape.header_variables();
            return texts(shape.named, &names, given, "header", path, found);
        }
        Header::Media(kind) => kind.as_str(),
        Header::Location => "location",
    };
    let Some((field, header)) = given else {
        found.push(missing(path, "header", &format!("one parameter of type {kind}")));
        return;
    };
    let kinds: Vec<_> = list(&header["parameters"]).map(|p| p["type"].as_str()).collect();
    if kinds != [Some(kind)] {
        let why = format!("the template's header takes one parameter of type {kind}");
        let cure = format!("give exactly one: {{\"type\": \"{kind}\", \"{kind}\": ...}}");
        found.push(Complaint::new(format!("{field}.parameters"), why, cure));
    }
}

/// The variables of one text.
fn texts(
    named: bool,
    names: &[String],
    given: Option<(String, &Value)>,
    part: &str,
    path: &str,
    found: &mut Vec<Complaint>,
) {
    let (field, values): (String, Vec<&Value>) = match &given {
        Some((field, component)) => (field.clone(), list(&component["parameters"]).collect()),
        None => (path.to_owned(), Vec::new()),
    };
    let field = if given.is_some() { format!("{field}.parameters") } else { field };
    if values.len() != names.len() {
        let why = format!(
            "the template's {part} has {} variables{}, found {} values",
            names.len(),
            if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) },
            values.len()
        );
        let cure = if names.is_empty() {
            format!("leave the component {part} out")
        } else {
            format!("give one parameter for each in the component {part}")
        };
        found.push(Complaint::new(field, why, cure));
        return;
    }
    for (n, value) in values.iter().enumerate() {
        let field = format!("{field}[{n}]");
        let kind = value["type"].as_str().unwrap_or_default();
        if !TEXTS.contains(&kind) {
            let why =
                format!("a variable of the {part} takes text, currency or date_time, found {kind}");
            found.push(Complaint::new(format!("{field}.type"), why, "use type text"));
        }
        let name = value["parameter_name"].as_str();
        let first = values.iter().position(|v| v["parameter_name"].as_str() == name) == Some(n);
        match (named, name) {
            (false, None) => {}
            (false, Some(_)) => {
                let why = "this template's variables have numbers: values go by their order";
                let cure = "leave parameter_name out";
                found.push(Complaint::new(format!("{field}.parameter_name"), why, cure));
            }
            (true, Some(name)) if names.iter().any(|known| known == name) && first => {}
            (true, _) => {
                let why = format!("each of {} is named once", names.join(", "));
                let cure = "write the variable's name as the template has it";
                found.push(Complaint::new(format!("{field}.parameter_name"), why, cure));
            }
        }
    }
}

fn buttons(shape: &Shape, components: &[Value], path: &str, found: &mut Vec<Complaint>) {
    let given = components.iter().enumerate().filter(|(_, c)| c["type"] == "button");
    let mut filled = vec![false; shape.buttons.len()];
    for (place, component) in given {
        let field = format!("{path}[{place}]");
        let sub_type = component["sub_type"].as_str().unwrap_or_default();
        let Some(position) = position(&component["index"]) else {
            continue; // told by the limits of any send
        };
        let Some(button) = shape.buttons.get(position) else {
            let why = format!("the template has {} buttons", shape.buttons.len());
            let cure = "count the template's buttons from 0";
            found.push(Complaint::new(format!("{field}.index"), why, cure));
            continue;
        };
        if std::mem::replace(&mut filled[position], true) {
            let why = format!("button {position} was given before");
            found.push(Complaint::new(format!("{field}.index"), why, "give each button once"));
        }
        let (wants, value) = match &button.kind {
            ButtonKind::Url(_) if button.takes_a_suffix() => ("url", "text"),
            ButtonKind::QuickReply => ("quick_reply", "payload"),
            ButtonKind::CopyCode => ("copy_code", "coupon_code"),
            ButtonKind::Flow => ("flow", "action"),
            ButtonKind::Catalog => ("catalog", "action"),
            ButtonKind::Products => ("mpm", "action"),
            ButtonKind::Url(_) | ButtonKind::Plain => {
                let why = format!("button {position} ({}) takes no value", button.text);
                found.push(Complaint::new(field, why, "leave this component out"));
                continue;
            }
        };
        if sub_type != wants {
            let why = format!("button {position} ({}) is of sub_type {wants}", button.text);
            let cure = format!("write {wants}, or the index of another button");
            found.push(Complaint::new(format!("{field}.sub_type"), why, cure));
            continue;
        }
        let kinds: Vec<_> = list(&component["parameters"]).map(|p| p["type"].as_str()).collect();
        if kinds != [Some(value)] {
            let why =
                format!("button {position} ({}) takes one parameter of type {value}", button.text);
            found.push(Complaint::new(format!("{field}.parameters"), why, "give exactly one"));
        }
    }
    for (position, (button, filled)) in shape.buttons.iter().zip(filled).enumerate() {
        let sub_type = match &button.kind {
            _ if filled => continue,
            ButtonKind::Url(_) if button.takes_a_suffix() => "url",
            ButtonKind::CopyCode => "copy_code",
            ButtonKind::Products => "mpm",
            _ => continue,
        };
        let why = format!("button {position} ({}) needs a value", button.text);
        let cure = format!("add a component of type button, sub_type {sub_type}, index {position}");
        found.push(Complaint::new(path, why, cure));
    }
}

/// Meta takes a number or text.
pub(super) fn position(index: &Value) -> Option<usize> {
    match index {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|n| usize::try_from(n).ok()),
    }
}

fn code(components: &[Value], found: &mut Vec<Complaint>) {
    for (n, component) in components.iter().enumerate() {
        let text = component["parameters"][0]["text"].as_str().unwrap_or_default();
        let length = text.chars().count();
        if length > CODE_MAX {
            let field = format!("template.components[{n}].parameters[0].text");
            let why = format!("a code has at most {CODE_MAX} characters, found {length}");
            found.push(Complaint::new(field, why, "send a shorter code"));
        }
    }
}

fn missing(path: &str, kind: &str, what: &str) -> Complaint {
    let why = format!("the template has a {kind} that needs {what}");
    Complaint::new(path, why, format!("add a component of type {kind}"))
}

fn surplus(field: &str, what: &str) -> Complaint {
    Complaint::new(field, format!("the template has no {what}"), "leave this component out")
}
