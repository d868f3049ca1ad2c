//! Limits of everything but interactive messages and templates.

use super::Found;
use crate::wire::send::{Captioned, Card, Document, Reaction, Text};

pub const BODY_MAX: usize = 4096;
pub const CAPTION_MAX: usize = 1024;
pub const CONTACTS_MAX: usize = 257;

pub fn text(part: &Text, found: &mut Found) {
    found.length("text.body", &part.body, 1, BODY_MAX);
}

pub fn captioned(path: &str, part: &Captioned, found: &mut Found) {
    one_source(path, &part.id, &part.link, found);
    found.optional(&format!("{path}.caption"), part.caption.as_deref(), CAPTION_MAX);
}

pub fn document(path: &str, part: &Document, found: &mut Found) {
    one_source(path, &part.id, &part.link, found);
    found.optional(&format!("{path}.caption"), part.caption.as_deref(), CAPTION_MAX);
    if let Some(name) = &part.filename {
        found.filled(&format!("{path}.filename"), name);
    }
}

/// Either an uploaded file or a link, never both.
pub fn one_source(path: &str, id: &Option<String>, link: &Option<String>, found: &mut Found) {
    match (id, link) {
        (Some(id), None) if id.trim().is_empty() => {
            found.add(format!("{path}.id"), "the id of an uploaded file", "upload it first");
        }
        (Some(_), None) => {}
        (None, Some(link)) => web_link(&format!("{path}.link"), link, found),
        (None, None) => found.add(path, "`id` or `link` is required", "add one of them"),
        (Some(_), Some(_)) => {
            found.add(path, "`id` or `link`, not both", "leave one of them out");
        }
    }
}

pub fn web_link(field: &str, link: &str, found: &mut Found) {
    let uri = link.parse::<http::Uri>().ok();
    let web =
        uri.is_some_and(|u| matches!(u.scheme_str(), Some("https" | "http")) && u.host().is_some());
    if !web {
        found.add(field, "a URL that begins with https:// or http://", "give the whole URL");
    }
}

pub fn place(path: &str, latitude: f64, longitude: f64, found: &mut Found) {
    for (key, degrees, max) in [("latitude", latitude, 90.0), ("longitude", longitude, 180.0)] {
        if !(-max..=max).contains(&degrees) {
            let limit = format!("-{max} to {max} degrees, found {degrees}");
            found.add(format!("{path}.{key}"), limit, "check that the two are not swapped");
        }
    }
}

pub fn contacts(cards: &[Card], found: &mut Found) {
    found.count("contacts", cards.len(), 1, CONTACTS_MAX);
    for (i, card) in cards.iter().enumerate() {
        let name = &card.name;
        let path = format!("contacts[{i}].name");
        found.length(&format!("{path}.formatted_name"), &name.formatted_name, 1, BODY_MAX);
        let parts =
            [&name.first_name, &name.last_name, &name.middle_name, &name.prefix, &name.suffix];
        if !parts.into_iter().flatten().any(|part| !part.trim().is_empty()) {
            found.add(path, "one more part beside formatted_name", "add first_name or last_name");
        }
    }
}

pub fn reaction(part: &Reaction, found: &mut Found) {
    found.filled("reaction.message_id", &part.message_id);
    let letters = part.emoji.chars().any(|c| c.is_ascii_alphabetic());
    if letters || part.emoji.chars().count() > 16 {
        found.add("reaction.emoji", "one emoji, or empty to take it back", "send one emoji");
    }
}
