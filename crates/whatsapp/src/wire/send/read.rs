//! From what a user of our API wrote to a [`Message`], or to problems with paths.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::parts::sent;
use super::{Content, Message, Problem};

sent! {
    /// `context`: the message that is quoted.
    Quote {
        must { message_id: String }
    }
}

pub(super) fn message(value: &Value) -> Result<Message, Vec<Problem>> {
    let Some(object) = value.as_object() else {
        return Err(vec![Problem::new("message", "an object", "send a JSON object with `type`")]);
    };
    let Some(kind) = object.get("type").and_then(Value::as_str) else {
        let kinds = Content::KINDS.join(", ");
        return Err(vec![Problem::new("type", format!("one of {kinds}"), "add `type`")]);
    };
    let mut problems = Vec::new();
    strangers(object, kind, &mut problems);
    let content = content(kind, object);
    let reply_to = reply_to(object.get("context"));
    match (content, reply_to) {
        (Ok(content), Ok(reply_to)) if problems.is_empty() => Ok(Message { content, reply_to }),
        (content, reply_to) => {
            problems.extend(content.err());
            problems.extend(reply_to.err());
            Err(problems)
        }
    }
}

fn strangers(object: &Map<String, Value>, kind: &str, problems: &mut Vec<Problem>) {
    for key in object.keys().filter(|key| !["type", "context", kind].contains(&key.as_str())) {
        let cure = match key.as_str() {
            "messaging_product" | "recipient_type" | "biz_opaque_callback_data" => {
                "leave it out: it is set for you".into()
            }
            "to" | "recipient" => "put the address beside the message, not into it".into(),
            other if Content::KINDS.contains(&other) => {
                format!("`type` is `{kind}`: leave `{other}` out, or change `type`")
            }
            _ => format!("check the spelling, or leave it out; known are type, {kind}, context"),
        };
        problems.push(Problem::new(key, "no such key in a message", cure));
    }
}

fn content(kind: &str, object: &Map<String, Value>) -> Result<Content, Problem> {
    if !Content::KINDS.contains(&kind) {
        let kinds = Content::KINDS.join(", ");
        let limit = format!("one of {kinds}, found `{kind}`");
        return Err(Problem::new("type", limit, "use one of these"));
    }
    let Some(part) = object.get(kind).filter(|part| !part.is_null()) else {
        let limit = format!("required when `type` is `{kind}`");
        return Err(Problem::new(kind, limit, format!("add `{kind}`")));
    };
    Ok(match kind {
        "text" => Content::Text(part_of(kind, part)?),
        "image" => Content::Image(part_of(kind, part)?),
        "video" => Content::Video(part_of(kind, part)?),
        "audio" => Content::Audio(part_of(kind, part)?),
        "document" => Content::Document(part_of(kind, part)?),
        "sticker" => Content::Sticker(part_of(kind, part)?),
        "location" => Content::Location(part_of(kind, part)?),
        "contacts" => Content::Contacts(part_of(kind, part)?),
        "reaction" => Content::Reaction(part_of(kind, part)?),
        "interactive" => Content::Interactive(Box::new(part_of(kind, part)?)),
        _ => Content::Template(Box::new(part_of(kind, part)?)),
    })
}

fn reply_to(context: Option<&Value>) -> Result<Option<String>, Problem> {
    let Some(context) = context.filter(|c| !c.is_null()) else {
        return Ok(None);
    };
    part_of::<Quote>("context", context).map(|quote| Some(quote.message_id))
}

fn part_of<T: DeserializeOwned>(key: &str, part: &Value) -> Result<T, Problem> {
    serde_path_to_error::deserialize(part).map_err(|err| {
        let path = err.path().to_string();
        let field = match path.as_str() {
            "." => key.to_owned(),
            list if list.starts_with('[') => format!("{key}{list}"),
            within => format!("{key}.{within}"),
        };
        let words = err.into_inner().to_string();
        let cure = if words.starts_with("unknown field") {
            "check the spelling, or leave it out"
        } else if words.starts_with("missing field") {
            "add it"
        } else {
            "give it the form that Meta's page shows"
        };
        Problem::new(field, words, cure)
    })
}
