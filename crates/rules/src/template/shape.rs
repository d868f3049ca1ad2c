//! What a template asks of each send.

use serde_json::Value;

use super::variables::variables;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Text variables have names, not numbers.
    pub named: bool,
    pub header: Header,
    pub body_text: String,
    pub footer: Option<String>,
    /// Every button, at its position.
    pub buttons: Vec<Button>,
    pub offer: bool,
    /// Of a carousel.
    pub cards: Vec<Shape>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Header {
    #[default]
    None,
    Text(String),
    /// `image`, `video`, `document`, `gif`.
    Media(String),
    Location,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub text: String,
    pub kind: ButtonKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ButtonKind {
    Url(String),
    QuickReply,
    CopyCode,
    Flow,
    Catalog,
    /// Several products.
    Products,
    /// Takes nothing: a phone number and the like.
    Plain,
}

impl Shape {
    /// From the components as Graph lists them.
    pub fn read(named: bool, components: &[Value]) -> Self {
        let mut shape = Self { named, ..Self::default() };
        for component in components {
            let text = || component["text"].as_str().unwrap_or_default().to_owned();
            match upper(&component["type"]).as_str() {
                "HEADER" => {
                    shape.header = match upper(&component["format"]).as_str() {
                        "TEXT" => Header::Text(text()),
                        "LOCATION" => Header::Location,
                        kind @ ("IMAGE" | "VIDEO" | "DOCUMENT" | "GIF") => {
                            Header::Media(kind.to_lowercase())
                        }
                        _ => Header::None,
                    }
                }
                "BODY" => shape.body_text = text(),
                "FOOTER" => shape.footer = Some(text()).filter(|text| !text.is_empty()),
                "BUTTONS" => shape.buttons = list(&component["buttons"]).map(button).collect(),
                "LIMITED_TIME_OFFER" => shape.offer = true,
                "CAROUSEL" => {
                    let card = |card: &Value| {
                        let parts: Vec<_> = list(&card["components"]).cloned().collect();
                        Self::read(named, &parts)
                    };
                    shape.cards = list(&component["cards"]).map(card).collect();
                }
                _ => {}
            }
        }
        shape
    }

    /// Variables of the body, in their order: numbers by number.
    pub fn body(&self) -> Vec<String> {
        ordered(self.named, &self.body_text)
    }

    pub fn header_variables(&self) -> Vec<String> {
        match &self.header {
            Header::Text(text) => ordered(self.named, text),
            _ => Vec::new(),
        }
    }
}

impl Button {
    pub fn takes_a_suffix(&self) -> bool {
        matches!(&self.kind, ButtonKind::Url(url) if !variables(url).is_empty())
    }
}

fn ordered(named: bool, text: &str) -> Vec<String> {
    let mut names = variables(text);
    if !named {
        names.sort_by_key(|name| name.parse::<u32>().unwrap_or(u32::MAX));
    }
    names
}

fn button(value: &Value) -> Button {
    let kind = match upper(&value["type"]).as_str() {
        "URL" => ButtonKind::Url(value["url"].as_str().unwrap_or_default().to_owned()),
        "QUICK_REPLY" => ButtonKind::QuickReply,
        "COPY_CODE" => ButtonKind::CopyCode,
        "FLOW" => ButtonKind::Flow,
        "CATALOG" => ButtonKind::Catalog,
        "MPM" => ButtonKind::Products,
        _ => ButtonKind::Plain,
    };
    Button { text: value["text"].as_str().unwrap_or_default().to_owned(), kind }
}

pub(super) fn upper(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_uppercase()
}

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
