//! Limits of the plain types.

use super::{At, Kind};
use crate::graph::Wrong;

pub fn check(kind: Kind, at: &At<'_>) -> Result<(), Wrong> {
    match kind {
        Kind::Text => text(at),
        Kind::Image | Kind::Video => media(at, &["id", "link", "caption"]),
        Kind::Document => media(at, &["id", "link", "caption", "filename"]),
        Kind::Audio => media(at, &["id", "link", "voice"]),
        Kind::Sticker => media(at, &["id", "link"]),
        Kind::Location => location(at),
        Kind::Contacts => contacts(at),
        Kind::Reaction => reaction(at),
        Kind::Interactive | Kind::Template => Ok(()),
    }
}

fn text(at: &At<'_>) -> Result<(), Wrong> {
    at.only(&["body", "preview_url"])?;
    let body = at.need("body")?;
    let length = body.text()?.chars().count();
    match length {
        0 => Err(Wrong::with(100, "Param text['body'] must not be empty.")),
        1..=4096 => Ok(()),
        _ => Err(Wrong::with(100, "Param text['body'] must be at most 4096 characters long.")),
    }?;
    match at.get("preview_url") {
        Some(flag) if !flag.value.is_boolean() => Err(flag.invalid("must be true or false")),
        _ => Ok(()),
    }
}

/// Either an id or a link, and the caption's 1,024 characters.
pub fn media(at: &At<'_>, keys: &[&str]) -> Result<(), Wrong> {
    at.only(keys)?;
    match (at.get("id"), at.get("link")) {
        (Some(_), Some(_)) => return Err(at.invalid("takes an id or a link, not both")),
        (Some(id), None) => drop(id.sized(1, 64)?),
        (None, link) => {
            let link = link.map_or_else(|| at.need("link"), Ok)?;
            let url = link.sized(1, 4096)?;
            if !url.starts_with("https://") && !url.starts_with("http://") {
                return Err(link.invalid("is not a valid URL"));
            }
        }
    }
    at.may_sized("filename", 240)?;
    at.may_sized("caption", 1024)
}

fn location(at: &At<'_>) -> Result<(), Wrong> {
    at.only(&["latitude", "longitude", "name", "address"])?;
    for (key, bound) in [("latitude", 90.0), ("longitude", 180.0)] {
        let place = at.need(key)?;
        let written = place.value.as_str().and_then(|text| text.parse::<f64>().ok());
        let degrees = place.value.as_f64().or(written);
        if degrees.is_none_or(|d| !(-bound..=bound).contains(&d)) {
            return Err(place.invalid("is not a valid coordinate"));
        }
    }
    Ok(())
}

fn contacts(at: &At<'_>) -> Result<(), Wrong> {
    for contact in at.list(1, 257)? {
        let known = ["name", "phones", "emails", "addresses", "urls", "org", "birthday"];
        contact.only(&known)?;
        let name = contact.need("name")?;
        name.need_sized("formatted_name", 1, 1024)?;
        let parts = ["first_name", "last_name", "middle_name", "prefix", "suffix"];
        if !parts.iter().any(|part| name.get(part).is_some()) {
            return Err(name.invalid("needs at least one part beside formatted_name"));
        }
    }
    Ok(())
}

fn reaction(at: &At<'_>) -> Result<(), Wrong> {
    at.only(&["message_id", "emoji"])?;
    at.need_sized("message_id", 1, 4096)?;
    let emoji = at.need("emoji")?;
    match emoji.text()?.is_ascii() && emoji.value != "" {
        true => Err(emoji.invalid("is not an emoji")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn every_limit_holds_at_its_edge() {
        let x = |n: usize| "é".repeat(n);
        let link = "https://example.com/a.jpg";
        let name = json!({"formatted_name": "Bo L", "first_name": "Bo"});
        let table: Vec<(Kind, Value, Option<u32>)> = vec![
            (Kind::Text, json!({"body": x(4096)}), None),
            (Kind::Text, json!({"body": x(4097)}), Some(100)),
            (Kind::Text, json!({"body": ""}), Some(100)),
            (Kind::Text, json!({}), Some(131008)),
            (Kind::Text, json!({"body": "a", "boddy": "b"}), Some(100)),
            (Kind::Text, json!({"body": "a", "preview_url": "yes"}), Some(131009)),
            (Kind::Image, json!({"link": link, "caption": x(1024)}), None),
            (Kind::Image, json!({"link": link, "caption": x(1025)}), Some(131009)),
            (Kind::Image, json!({"id": "1", "link": link}), Some(131009)),
            (Kind::Image, json!({"link": "file:///a"}), Some(131009)),
            (Kind::Image, json!({"caption": "x"}), Some(131008)),
            (Kind::Image, json!({"id": "1", "filename": "x"}), Some(100)),
            (Kind::Document, json!({"id": "1", "filename": "a.pdf"}), None),
            (Kind::Audio, json!({"id": "1", "caption": "x"}), Some(100)),
            (Kind::Audio, json!({"id": "1", "voice": true}), None),
            (Kind::Sticker, json!({"id": "1", "caption": "x"}), Some(100)),
            (Kind::Location, json!({"latitude": "37.4", "longitude": -122.1}), None),
            (Kind::Location, json!({"latitude": 91, "longitude": 0}), Some(131009)),
            (Kind::Location, json!({"latitude": 1}), Some(131008)),
            (Kind::Contacts, json!([{ "name": name }]), None),
            (Kind::Contacts, json!(vec![json!({ "name": name }); 258]), Some(131009)),
            (Kind::Contacts, json!([]), Some(131009)),
            (Kind::Contacts, json!([{"name": {"formatted_name": "Bo"}}]), Some(131009)),
            (Kind::Contacts, json!([{"phones": []}]), Some(131008)),
            (Kind::Reaction, json!({"message_id": "wamid.x", "emoji": "👍"}), None),
            (Kind::Reaction, json!({"message_id": "wamid.x", "emoji": ""}), None),
            (Kind::Reaction, json!({"message_id": "wamid.x", "emoji": "ok"}), Some(131009)),
            (Kind::Reaction, json!({"emoji": "👍"}), Some(131008)),
        ];
        for (kind, body, want) in table {
            let got = check(kind, &At::new(&body, kind.word())).err().map(|wrong| wrong.code);
            assert_eq!(
                got,
                want,
                "{kind:?} {}",
                body.to_string().chars().take(80).collect::<String>()
            );
        }
    }
}
