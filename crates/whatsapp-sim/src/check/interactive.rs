//! Limits of interactive messages.

use std::collections::BTreeSet;

use super::{At, content};
use crate::graph::Wrong;

pub fn check(at: &At<'_>) -> Result<(), Wrong> {
    at.only(&["type", "header", "body", "footer", "action"])?;
    let kind = at.need("type")?;
    let action = at.need("action")?;
    let body = |max| at.need("body")?.need_sized("text", 1, max).map(drop);
    if let Some(footer) = at.get("footer") {
        footer.need_sized("text", 1, 60)?;
    }
    match kind.text()? {
        "button" => {
            header(at, &["text", "image", "video", "document"])?;
            body(1024)?;
            buttons(&action)
        }
        "list" => {
            header(at, &["text"])?;
            body(4096)?;
            list(&action)
        }
        "cta_url" => {
            header(at, &["text", "image", "video", "document"])?;
            body(1024)?;
            named(&action, "cta_url")?;
            link_button(&action.need("parameters")?)
        }
        "location_request_message" => {
            at.absent("header", "is not supported for this type")?;
            at.absent("footer", "is not supported for this type")?;
            body(1024)?;
            named(&action, "send_location")
        }
        "request_contact_info" => {
            body(1024)?;
            named(&action, "request_contact_info")
        }
        "flow" => {
            header(at, &["text", "image", "video", "document"])?;
            body(1024)?;
            flow(&action)
        }
        "product" => {
            at.absent("header", "is not supported for this type")?;
            action.need("catalog_id")?.text()?;
            action.need("product_retailer_id")?.text().map(drop)
        }
        "product_list" => {
            at.need("header")?;
            header(at, &["text"])?;
            body(1024)?;
            products(&action)
        }
        "catalog_message" => {
            body(1024)?;
            named(&action, "catalog_message")
        }
        "carousel" => {
            at.absent("header", "is not supported for this type")?;
            at.absent("footer", "is not supported for this type")?;
            body(1024)?;
            carousel(&action)
        }
        "address_message" => {
            body(1024)?;
            named(&action, "address_message")?;
            action.need("parameters")?.need("country")?.text().map(drop)
        }
        "voice_call" | "call_permission_request" => named(&action, kind.text()?),
        "order_details" => named(&action, "review_and_pay"),
        "order_status" => named(&action, "review_order"),
        _ => Err(kind.invalid("is not a known interactive type")),
    }
}

fn named(action: &At<'_>, name: &str) -> Result<(), Wrong> {
    let at = action.need("name")?;
    if at.text()? == name { Ok(()) } else { Err(at.invalid(&format!("must be \"{name}\""))) }
}

fn header(at: &At<'_>, allowed: &[&str]) -> Result<(), Wrong> {
    let Some(header) = at.get("header") else {
        return Ok(());
    };
    let kind = header.need("type")?;
    if !allowed.contains(&kind.text()?) {
        return Err(kind.invalid("is not supported as a header of this type"));
    }
    match kind.text()? {
        "text" => header.need_sized("text", 1, 60).map(drop),
        media => content::media(&header.need(media)?, &["id", "link", "filename"]),
    }
}

fn unique<'a>(seen: &mut BTreeSet<&'a str>, at: &At<'_>, text: &'a str) -> Result<(), Wrong> {
    if seen.insert(text) { Ok(()) } else { Err(at.invalid("must be unique in the message")) }
}

fn buttons(action: &At<'_>) -> Result<(), Wrong> {
    let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for button in action.need("buttons")?.list(1, 3)? {
        let kind = button.need("type")?;
        if kind.text()? != "reply" {
            return Err(kind.invalid("must be \"reply\""));
        }
        let reply = button.need("reply")?;
        unique(&mut ids, &reply, reply.need_sized("id", 1, 256)?)?;
        unique(&mut titles, &reply, reply.need_sized("title", 1, 20)?)?;
    }
    Ok(())
}

fn list(action: &At<'_>) -> Result<(), Wrong> {
    action.need_sized("button", 1, 20)?;
    let sections_at = action.need("sections")?;
    let sections = sections_at.list(1, 10)?;
    let (mut ids, mut rows) = (BTreeSet::new(), 0);
    for section in &sections {
        if sections.len() > 1 {
            section.need("title")?;
        }
        section.may_sized("title", 24)?;
        for row in section.need("rows")?.list(1, 10)? {
            rows += 1;
            unique(&mut ids, &row, row.need_sized("id", 1, 200)?)?;
            row.need_sized("title", 1, 24)?;
            row.may_sized("description", 72)?;
        }
    }
    match rows {
        0..=10 => Ok(()),
        _ => Err(sections_at.invalid("total row count exceeds the maximum of 10")),
    }
}

fn link_button(parameters: &At<'_>) -> Result<(), Wrong> {
    parameters.need_sized("display_text", 1, 20)?;
    let url = parameters.need("url")?;
    match url.text()?.starts_with("http") {
        true => Ok(()),
        false => Err(url.invalid("is not a valid URL")),
    }
}

fn flow(action: &At<'_>) -> Result<(), Wrong> {
    named(action, "flow")?;
    let given = action.need("parameters")?;
    let version = given.need("flow_message_version")?;
    if version.value != "3" {
        return Err(version.invalid("must be \"3\""));
    }
    given.need_sized("flow_cta", 1, 30)?;
    if given.get("flow_id").is_some() == given.get("flow_name").is_some() {
        return Err(given.invalid("takes either flow_id or flow_name"));
    }
    for (key, known) in
        [("mode", ["published", "draft"]), ("flow_action", ["navigate", "data_exchange"])]
    {
        if let Some(at) = given.get(key)
            && !known.contains(&at.text()?)
        {
            return Err(at.invalid(&format!("must be one of {known:?}")));
        }
    }
    Ok(())
}

fn products(action: &At<'_>) -> Result<(), Wrong> {
    action.need("catalog_id")?.text()?;
    let sections = action.need("sections")?;
    let mut count = 0;
    for section in sections.list(1, 10)? {
        for item in section.need("product_items")?.list(1, 30)? {
            item.need("product_retailer_id")?.text()?;
            count += 1;
        }
    }
    if count > 30 { Err(sections.invalid("holds more than 30 products")) } else { Ok(()) }
}

fn carousel(action: &At<'_>) -> Result<(), Wrong> {
    let (mut headers, mut shapes) = (BTreeSet::new(), BTreeSet::new());
    for card in action.need("cards")?.list(2, 10)? {
        card.need("card_index")?;
        if card.need("type")?.text()? == "product" {
            continue;
        }
        let kind = card.need("header")?.need("type")?;
        headers.insert(kind.text()?);
        if headers.len() > 1 || !["image", "video"].contains(&kind.text()?) {
            return Err(kind.invalid("must be image or video, the same on every card"));
        }
        header(&card, &["image", "video"])?;
        if let Some(body) = card.get("body") {
            let text = body.need_sized("text", 1, 160)?;
            if text.matches('\n').count() > 2 {
                return Err(body.invalid("holds more than 2 line breaks"));
            }
        }
        let action = card.need("action")?;
        shapes.insert(match action.get("buttons") {
            Some(buttons) => quick_replies(&buttons)?,
            None => link_button(&action.need("parameters")?).map(|()| 0)?,
        });
        if shapes.len() > 1 {
            return Err(
                action.invalid("must hold the same buttons in kind and number on each card")
            );
        }
    }
    Ok(())
}

/// The quick replies of one card; answers how many there are.
fn quick_replies(buttons: &At<'_>) -> Result<usize, Wrong> {
    let buttons = buttons.list(1, 10)?;
    for button in &buttons {
        let kind = button.need("type")?;
        if kind.text()? != "quick_reply" {
            return Err(kind.invalid("must be \"quick_reply\""));
        }
        let reply = button.need("quick_reply")?;
        reply.need_sized("id", 1, 256)?;
        reply.need_sized("title", 1, 20)?;
    }
    Ok(buttons.len())
}

#[cfg(test)]
mod tests;
