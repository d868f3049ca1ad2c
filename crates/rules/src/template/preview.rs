//! What people will see of a template, with its values in place.

use serde_json::Value;

use super::fit::position;
use super::shape::{ButtonKind, Header, Shape, list};
use super::variables::filled;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The text; of a file or a place its kind, in brackets.
    pub header: Option<String>,
    pub body: String,
    pub footer: Option<String>,
    /// Label, and what it opens or answers with.
    pub buttons: Vec<(String, Option<String>)>,
    /// Of a carousel.
    pub cards: Vec<Preview>,
}

/// Variables without a value stay as they are written.
pub fn preview(shape: &Shape, components: &[Value]) -> Preview {
    let part = |kind: &str| components.iter().find(|c| c["type"] == kind);
    let fill = |text: &str, names: &[String], kind: &str| {
        filled(text, |name| value(shape.named, names, name, part(kind)?))
    };
    let header = match &shape.header {
        Header::None => None,
        Header::Text(text) => Some(fill(text, &shape.header_variables(), "header")),
        Header::Media(kind) => Some(format!("[{kind}]")),
        Header::Location => Some("[location]".to_owned()),
    };
    let buttons = shape.buttons.iter().enumerate().map(|(n, button)| {
        let given = components
            .iter()
            .find(|c| c["type"] == "button" && position(&c["index"]) == Some(n))
            .and_then(|c| c["parameters"].get(0));
        let text = |key: &str| Some(given?[key].as_str()?.to_owned());
        let opens = match &button.kind {
            ButtonKind::Url(url) => Some(filled(url, |_| text("text"))),
            ButtonKind::QuickReply => text("payload"),
            ButtonKind::CopyCode => text("coupon_code"),
            _ => None,
        };
        (button.text.clone(), opens)
    });
    let given: Vec<_> = part("carousel").map(|c| list(&c["cards"]).collect()).unwrap_or_default();
    let cards = shape.cards.iter().enumerate().map(|(n, card)| {
        let parts = given.get(n).map(|c| list(&c["components"]).cloned().collect());
        preview(card, &parts.unwrap_or_else(Vec::new))
    });
    Preview {
        header,
        body: fill(&shape.body_text, &shape.body(), "body"),
        footer: shape.footer.clone(),
        buttons: buttons.collect(),
        cards: cards.collect(),
    }
}

fn value(named: bool, names: &[String], name: &str, component: &Value) -> Option<String> {
    let mut values = list(&component["parameters"]);
    let value = match named {
        true => values.find(|v| v["parameter_name"] == name),
        false => values.nth(names.iter().position(|known| known == name)?),
    }?;
    let text = match value["type"].as_str()? {
        kind @ ("currency" | "date_time") => &value[kind]["fallback_value"],
        _ => &value["text"],
    };
    Some(text.as_str()?.to_owned())
}
