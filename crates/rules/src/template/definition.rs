//! Whether Meta will take a new template, told before it is asked (Cloud API,
//! Template components).

use serde_json::Value;

use super::shape::{list, upper};
use super::variables::variables;
use super::{BODY_MAX, Complaint, HEADER_MAX};

const NAME_MAX: usize = 512;
const FOOTER_MAX: usize = 60;
const LABEL_MAX: usize = 25;
const URL_MAX: usize = 2_000;
const PHONE_MAX: usize = 20;
const BUTTONS_MAX: usize = 10;
const MINUTES_MAX: i64 = 90;
/// Words of the body for each variable, at least.
const WORDS_EACH: usize = 3;
const CATEGORIES: [&str; 3] = ["MARKETING", "UTILITY", "AUTHENTICATION"];
/// Kinds of button with how many of one there may be.
const BUTTONS: [(&str, usize); 10] = [
    ("QUICK_REPLY", 10),
    ("URL", 2),
    ("PHONE_NUMBER", 1),
    ("COPY_CODE", 1),
    ("OTP", 1),
    ("FLOW", 1),
    ("CATALOG", 1),
    ("MPM", 1),
    ("VOICE_CALL", 1),
    ("REQUEST_CONTACT_INFO", 1),
];

/// Every mistake of a definition as Meta's API takes it: `name`, `language`,
/// `category`, `parameter_format`, `components`.
pub fn check(definition: &Value) -> Vec<Complaint> {
    let mut found = Vec::new();
    let text = |key: &str| definition[key].as_str().unwrap_or_default();
    let name = text("name");
    sized("name", name, NAME_MAX, &mut found);
    if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        let why = "it takes small letters, digits and `_`";
        found.push(Complaint::new("name", why, "write it as in order_update"));
    }
    let language = text("language");
    if language.len() < 2 || language.contains('-') {
        let why = "it is a code such as es, es_MX or pt_BR";
        found.push(Complaint::new("language", why, "write the code with `_`"));
    }
    let category = text("category").to_uppercase();
    if !CATEGORIES.contains(&category.as_str()) {
        let why = format!("it is one of {}", CATEGORIES.join(", "));
        found.push(Complaint::new("category", why, "use one of these"));
    }
    let named = upper(&definition["parameter_format"]) == "NAMED";
    let login = category == "AUTHENTICATION";
    components(&definition["components"], named, login, &mut found);
    found
}

fn components(value: &Value, named: bool, login: bool, found: &mut Vec<Complaint>) {
    let kinds: Vec<_> = list(value).map(|c| upper(&c["type"])).collect();
    if !kinds.iter().any(|kind| kind == "BODY") {
        let why = "a template has a component of type BODY";
        found.push(Complaint::new("components", why, "add it"));
    }
    for (n, component) in list(value).enumerate() {
        let path = format!("components[{n}]");
        if kinds[..n].contains(&kinds[n]) {
            let why = format!("{} is there twice", kinds[n]);
            found.push(Complaint::new(format!("{path}.type"), why, "take one out"));
        }
        match kinds[n].as_str() {
            "HEADER" => header(component, &path, named, login, found),
            "BODY" if login => {}
            "BODY" => body(component, &path, named, found),
            "FOOTER" => footer(component, &path, login, found),
            "BUTTONS" => buttons(component, &path, found),
            "CAROUSEL" | "LIMITED_TIME_OFFER" => {}
            other => {
                let why = format!("`{other}` is no part of a template");
                let cure = "use HEADER, BODY, FOOTER, BUTTONS, CAROUSEL or LIMITED_TIME_OFFER";
                found.push(Complaint::new(format!("{path}.type"), why, cure));
            }
        }
    }
}

fn header(part: &Value, path: &str, named: bool, login: bool, found: &mut Vec<Complaint>) {
    let format = upper(&part["format"]);
    match format.as_str() {
        "TEXT" => {
            let field = format!("{path}.text");
            let text = part["text"].as_str().unwrap_or_default();
            sized(&field, text, HEADER_MAX, found);
            let names = names(&field, text, named, found);
            if names.len() > 1 {
                let why = format!("a header takes one variable, found {}", names.len());
                found.push(Complaint::new(field, why, "move the others into the body"));
            }
            examples(part, path, "header_text", &names, named, found);
        }
        "IMAGE" | "VIDEO" | "DOCUMENT" | "GIF" if !login => {
            let handles = part["example"]["header_handle"].as_array();
            if handles.is_none_or(|handles| handles.iter().all(|h| h.as_str().is_none())) {
                let why = "a header with a file needs an example of it";
                let cure = "upload one with Meta's resumable upload and give its handle";
                found.push(Complaint::new(format!("{path}.example.header_handle"), why, cure));
            }
        }
        "LOCATION" if !login => {}
        _ => {
            let kinds =
                if login { "TEXT" } else { "TEXT, IMAGE, VIDEO, DOCUMENT, GIF or LOCATION" };
            let why = format!("a header's format here is {kinds}, found `{format}`");
            found.push(Complaint::new(format!("{path}.format"), why, "use one of these"));
        }
    }
}

fn body(part: &Value, path: &str, named: bool, found: &mut Vec<Complaint>) {
    let field = format!("{path}.text");
    let text = part["text"].as_str().unwrap_or_default();
    sized(&field, text, BODY_MAX, found);
    let names = names(&field, text, named, found);
    let bare = text.trim();
    if bare.starts_with("{{") || bare.ends_with("}}") {
        let why = "a variable must not be the first or the last of the body";
        found.push(Complaint::new(&*field, why, "write words before and after it"));
    }
    let touching: String = text.split_whitespace().collect();
    if text.contains("}}{{") || touching.contains("}}{{") {
        let why = "two variables must not follow each other";
        found.push(Complaint::new(&*field, why, "write words between them"));
    }
    let words = text.split_whitespace().count();
    if names.len() * WORDS_EACH > words {
        let why = format!("{} variables are too many for {words} words", names.len());
        found.push(Complaint::new(&*field, why, "write more words, or use fewer variables"));
    }
    examples(part, path, "body_text", &names, named, found);
}

fn footer(part: &Value, path: &str, login: bool, found: &mut Vec<Complaint>) {
    if login {
        let minutes = part["code_expiration_minutes"].as_i64();
        if minutes.is_none_or(|minutes| !(1..=MINUTES_MAX).contains(&minutes)) {
            let field = format!("{path}.code_expiration_minutes");
            let why = format!("it is a number from 1 to {MINUTES_MAX}");
            found.push(Complaint::new(field, why, "give it, or leave the footer out"));
        }
        return;
    }
    let field = format!("{path}.text");
    let text = part["text"].as_str().unwrap_or_default();
    sized(&field, text, FOOTER_MAX, found);
    if !variables(text).is_empty() {
        let why = "a footer takes no variable";
        found.push(Complaint::new(field, why, "move it into the body"));
    }
}

fn buttons(part: &Value, path: &str, found: &mut Vec<Complaint>) {
    let all: Vec<_> = list(&part["buttons"]).collect();
    let field = format!("{path}.buttons");
    if all.is_empty() || all.len() > BUTTONS_MAX {
        let why = format!("there are 1 to {BUTTONS_MAX} buttons, found {}", all.len());
        found.push(Complaint::new(&*field, why, "keep the ones that matter"));
    }
    let kinds: Vec<_> = all.iter().map(|button| upper(&button["type"])).collect();
    for (kind, max) in BUTTONS {
        let count = kinds.iter().filter(|k| *k == kind).count();
        if count > max && max < BUTTONS_MAX {
            let why = format!("there is room for {max} of type {kind}, found {count}");
            found.push(Complaint::new(&*field, why, "take the others out"));
        }
    }
    let turns = kinds.windows(2).filter(|w| (w[0] == "QUICK_REPLY") != (w[1] == "QUICK_REPLY"));
    if turns.count() > 1 {
        let why = "quick replies stand together, before or after the others";
        found.push(Complaint::new(&*field, why, "put them in one row"));
    }
    for (n, button) in all.iter().enumerate() {
        one_button(button, &kinds[n], &format!("{field}[{n}]"), found);
    }
}

fn one_button(button: &Value, kind: &str, path: &str, found: &mut Vec<Complaint>) {
    if !BUTTONS.iter().any(|(known, _)| *known == kind) {
        let known: Vec<_> = BUTTONS.iter().map(|(known, _)| *known).collect();
        let why = format!("it is one of {}, found `{kind}`", known.join(", "));
        found.push(Complaint::new(format!("{path}.type"), why, "use one of these"));
    }
    let text = |key: &str| button[key].as_str().unwrap_or_default();
    if ["QUICK_REPLY", "URL", "PHONE_NUMBER", "FLOW"].contains(&kind) || !text("text").is_empty() {
        sized(&format!("{path}.text"), text("text"), LABEL_MAX, found);
    }
    match kind {
        "URL" => {
            let field = format!("{path}.url");
            let url = text("url");
            sized(&field, url, URL_MAX, found);
            let names = variables(url);
            if names.len() > 1 || (!names.is_empty() && !url.ends_with("}}")) {
                let why = "an address takes one variable, at its end";
                found.push(Complaint::new(field, why, "write it as https://example.com/{{1}}"));
            }
            let given = &button["example"];
            let empty = given.as_str().is_none_or(str::is_empty)
                && given.as_array().is_none_or(Vec::is_empty);
            if !names.is_empty() && empty {
                let why = "a variable needs an example";
                let cure = "give a list with one whole address";
                found.push(Complaint::new(format!("{path}.example"), why, cure));
            }
        }
        "PHONE_NUMBER" => {
            sized(&format!("{path}.phone_number"), text("phone_number"), PHONE_MAX, found);
        }
        _ => {}
    }
}

fn sized(field: &str, text: &str, max: usize, found: &mut Vec<Complaint>) {
    match text.chars().count() {
        0 => found.push(Complaint::new(field, format!("it has 1 to {max} characters"), "write it")),
        n if n > max => {
            let why = format!("it has at most {max} characters, found {n}");
            found.push(Complaint::new(field, why, "shorten it"));
        }
        _ => {}
    }
}

/// Numbers from 1 without a gap, or unique small names.
fn names(field: &str, text: &str, named: bool, found: &mut Vec<Complaint>) -> Vec<String> {
    let names = variables(text);
    let small = |name: &String| {
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        name.bytes().all(legal) && name.bytes().any(|b| !b.is_ascii_digit())
    };
    let good = match named {
        true => names.iter().all(small),
        false => (1..=names.len()).all(|n| names.contains(&n.to_string())),
    };
    if !good {
        let (why, cure) = match named {
            true => ("names of variables have small letters, digits and `_`", "as {{first_name}}"),
            false => (
                "variables run from {{1}} upward without a gap",
                "number them, or set parameter_format to NAMED",
            ),
        };
        found.push(Complaint::new(field, why, cure));
    }
    if text.matches("{{").count() != text.matches("}}").count() {
        let why = "a variable is not closed";
        found.push(Complaint::new(field, why, "write both braces twice, as {{1}}"));
    }
    names
}

fn examples(
    part: &Value,
    path: &str,
    key: &str,
    names: &[String],
    named: bool,
    found: &mut Vec<Complaint>,
) {
    if names.is_empty() {
        return;
    }
    let example = &part["example"];
    let (field, given) = if named {
        let key = format!("{key}_named_params");
        let known = |name: &&String| {
            list(&example[&key]).any(|e| e["param_name"] == **name && e["example"].is_string())
        };
        (key.clone(), names.iter().filter(known).count())
    } else {
        let values = &example[key];
        let values = if values[0].is_array() { &values[0] } else { values };
        (key.to_owned(), list(values).filter(|v| v.is_string()).count())
    };
    if given != names.len() {
        let why = format!("{} variables need an example each, found {given}", names.len());
        let cure = match named {
            true => "give {\"param_name\": ..., \"example\": ...} for each",
            false => "give one text for each, in the order of the numbers",
        };
        found.push(Complaint::new(format!("{path}.example.{field}"), why, cure));
    }
}
