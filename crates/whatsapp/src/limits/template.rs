//! Limits of a template's values that hold whatever the template says.

use super::{Found, simple};
use crate::wire::send::{Component, Parameter, Template};

const NAME_MAX: usize = 512;
/// A body has 1,024 characters with its values filled in, so no value has more.
const VALUE_MAX: usize = 1024;
const COUPON_MAX: usize = 20;
const BUTTONS_MAX: u32 = 10;
const BLANKS_MAX: usize = 4;

pub fn check(template: &Template, found: &mut Found) {
    found.length("template.name", &template.name, 1, NAME_MAX);
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if !template.name.bytes().all(plain) {
        found.add("template.name", "small letters, digits and `_`", "write it as it was approved");
    }
    found.length("template.language.code", &template.language.code, 1, 16);
    if template.language.code.contains('-') {
        let cure = "write `_`, as in en_US";
        found.add("template.language.code", "parts are joined by `_`", cure);
    }
    components("template.components", &template.components, true, found);
}

fn components(path: &str, all: &[Component], top: bool, found: &mut Found) {
    for (i, component) in all.iter().enumerate() {
        let path = format!("{path}[{i}]");
        match component.kind.as_str() {
            "header" | "body" | "limited_time_offer" => {}
            "button" => button(&path, component, found),
            "carousel" if top => carousel(&path, component, found),
            other => {
                let known = "header, body, button, limited_time_offer, carousel";
                let limit = format!("one of {known}, found `{other}`");
                found.add(format!("{path}.type"), limit, "use one of these");
            }
        }
        for (j, value) in component.parameters.iter().enumerate() {
            parameter(&format!("{path}.parameters[{j}]"), value, found);
        }
    }
    let once = all.iter().filter(|c| c.kind != "button").map(|c| c.kind.as_str());
    found.unique(path, once);
}

fn button(path: &str, component: &Component, found: &mut Found) {
    if component.sub_type.is_none() {
        let limit = "required for a button";
        found.add(format!("{path}.sub_type"), limit, "add url, quick_reply, copy_code or flow");
    }
    let position = component.index.as_ref().and_then(|index| index.position());
    if position.is_none_or(|position| position >= BUTTONS_MAX) {
        let limit = "position among all buttons, from 0 to 9";
        found.add(format!("{path}.index"), limit, "count the template's buttons from 0");
    }
}

fn carousel(path: &str, component: &Component, found: &mut Found) {
    found.count(&format!("{path}.cards"), component.cards.len(), 1, 10);
    for (i, card) in component.cards.iter().enumerate() {
        components(&format!("{path}.cards[{i}].components"), &card.components, false, found);
    }
}

fn parameter(path: &str, value: &Parameter, found: &mut Found) {
    if value.parameter_name.as_deref().is_some_and(|name| name.trim().is_empty()) {
        found.add(
            format!("{path}.parameter_name"),
            "the variable's name",
            "write it, or leave it out",
        );
    }
    let at = |key: &str| format!("{path}.{key}");
    let held = match value.kind.as_str() {
        "text" => value.text.as_deref().map(|text| words(&at("text"), text, found)),
        "currency" => value.currency.as_ref().map(|c| {
            words(&at("currency.fallback_value"), &c.fallback_value, found);
            if c.code.len() != 3 || !c.code.bytes().all(|b| b.is_ascii_uppercase()) {
                found.add(at("currency.code"), "three capital letters", "write it as in USD");
            }
        }),
        "date_time" => value.date_time.as_ref().map(|d| {
            words(&at("date_time.fallback_value"), &d.fallback_value, found);
        }),
        "image" => {
            value.image.as_ref().map(|f| simple::one_source(&at("image"), &f.id, &f.link, found))
        }
        "video" => {
            value.video.as_ref().map(|f| simple::one_source(&at("video"), &f.id, &f.link, found))
        }
        "gif" => value.gif.as_ref().map(|f| simple::one_source(&at("gif"), &f.id, &f.link, found)),
        "document" => value.document.as_ref().map(|f| simple::document(&at("document"), f, found)),
        "location" => value.location.as_ref().map(|l| {
            simple::place(&at("location"), l.latitude.0, l.longitude.0, found);
        }),
        "payload" => {
            value.payload.as_deref().map(|p| found.length(&at("payload"), p, 1, VALUE_MAX))
        }
        "coupon_code" => {
            value.coupon_code.as_deref().map(|c| found.length(&at("coupon_code"), c, 1, COUPON_MAX))
        }
        "action" => value.action.as_ref().map(|_| ()),
        "limited_time_offer" => value.limited_time_offer.as_ref().map(|_| ()),
        "product" => value.product.as_ref().map(|_| ()),
        other => {
            let limit = format!("a kind of parameter, found `{other}`");
            return found.add(
                at("type"),
                limit,
                "use text, currency, date_time, image, payload, ...",
            );
        }
    };
    if held.is_none() {
        let limit = format!("required when type is `{}`", value.kind);
        found.add(at(&value.kind), limit, "add it");
    }
}

/// A value that stands within a line of the template.
fn words(field: &str, text: &str, found: &mut Found) {
    found.length(field, text, 1, VALUE_MAX);
    if text.contains(['\n', '\r', '\t', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}']) {
        found.add(field, "no new lines and no tabs", "write it on one line");
    }
    let mut run = 0;
    let longest = text.chars().fold(0, |longest, c| {
        run = if c == ' ' || c == '\u{a0}' { run + 1 } else { 0 };
        run.max(longest)
    });
    if longest > BLANKS_MAX {
        let limit = format!("at most {BLANKS_MAX} blanks in a row, found {longest}");
        found.add(field, limit, "take blanks out");
    }
}
