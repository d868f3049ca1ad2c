//! What Meta would refuse, found before it is sent (Cloud API, Messages and
//! Interactive messages, limits). Lengths count characters.
//!
//! Only what holds without knowing the account: whether a template exists and
//! how many variables it has is asked elsewhere.

mod interactive;
pub mod media;
mod simple;
mod template;

pub use crate::wire::send::Problem;
use crate::wire::send::{Content, Message};

/// Every problem of `message`, not only the first.
pub fn check(message: &Message) -> Result<(), Vec<Problem>> {
    let mut found = Found::default();
    match &message.content {
        Content::Text(part) => simple::text(part, &mut found),
        Content::Image(part) => simple::captioned("image", part, &mut found),
        Content::Video(part) => simple::captioned("video", part, &mut found),
        Content::Audio(part) => simple::one_source("audio", &part.id, &part.link, &mut found),
        Content::Document(part) => simple::document("document", part, &mut found),
        Content::Sticker(part) => simple::one_source("sticker", &part.id, &part.link, &mut found),
        Content::Location(part) => {
            simple::place("location", part.latitude.0, part.longitude.0, &mut found);
        }
        Content::Contacts(cards) => simple::contacts(cards, &mut found),
        Content::Reaction(part) => simple::reaction(part, &mut found),
        Content::Interactive(part) => interactive::check(part, &mut found),
        Content::Template(part) => template::check(part, &mut found),
    }
    if message.reply_to.as_deref().is_some_and(|wamid| wamid.trim().is_empty()) {
        found.add(
            "context.message_id",
            "the id of a message",
            "give a wamid, or leave context out",
        );
    }
    if message.reply_to.is_some() && matches!(message.content, Content::Reaction(_)) {
        found.add("context", "a reaction quotes nothing", "leave context out");
    }
    if found.0.is_empty() { Ok(()) } else { Err(found.0) }
}

/// The problems found so far.
#[derive(Default)]
struct Found(Vec<Problem>);

impl Found {
    fn add(&mut self, field: impl Into<String>, limit: impl Into<String>, cure: impl Into<String>) {
        self.0.push(Problem::new(field, limit, cure));
    }

    /// `min..=max` characters.
    fn length(&mut self, field: &str, text: &str, min: usize, max: usize) {
        let found = text.chars().count();
        if text.trim().is_empty() && min > 0 {
            self.add(field, format!("{min} to {max} characters, found none"), "write something");
        } else if found > max {
            self.add(field, format!("at most {max} characters, found {found}"), "shorten it");
        }
    }

    /// Not blank; of any length.
    fn filled(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(field, "not blank", "write something, or leave it out");
        }
    }

    /// At most `max` characters, when it is there; then not blank.
    fn optional(&mut self, field: &str, text: Option<&str>, max: usize) {
        if let Some(text) = text {
            self.length(field, text, 1, max);
        }
    }

    fn count(&mut self, field: &str, found: usize, min: usize, max: usize) {
        if found < min {
            self.add(field, format!("{min} to {max}, found {found}"), "add some");
        } else if found > max {
            self.add(field, format!("{min} to {max}, found {found}"), "leave some out");
        }
    }

    /// Every text once.
    fn unique<'a>(&mut self, field: &str, texts: impl Iterator<Item = &'a str>) {
        let mut seen = std::collections::BTreeSet::new();
        for text in texts {
            if !seen.insert(text) {
                let limit = format!("each one different, `{text}` stands there twice");
                self.add(field, limit, "change one of them");
            }
        }
    }
}

#[cfg(test)]
mod tests;
