//! The outer keys of a message: product, recipient, type.

use serde_json::Value;

use super::{At, content, interactive};
use crate::graph::Wrong;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// As written by the caller.
    Phone(String),
    Bsuid(String),
    /// A BSUID where a number belongs: accepted and swallowed by the far side.
    Misplaced(String),
}

/// What `POST /{phone number}/messages` was asked to do.
#[derive(Clone, Debug)]
pub struct Frame {
    pub recipient: Recipient,
    pub kind: Kind,
    /// What stands under the type's key.
    pub content: Value,
    pub reply_to: Option<String>,
    pub tracker: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Image,
    Video,
    Audio,
    Document,
    Sticker,
    Location,
    Contacts,
    Reaction,
    Interactive,
    Template,
}

impl Kind {
    const ALL: [(&str, Self); 11] = [
        ("audio", Self::Audio),
        ("contacts", Self::Contacts),
        ("document", Self::Document),
        ("image", Self::Image),
        ("interactive", Self::Interactive),
        ("location", Self::Location),
        ("reaction", Self::Reaction),
        ("sticker", Self::Sticker),
        ("template", Self::Template),
        ("text", Self::Text),
        ("video", Self::Video),
    ];

    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }
}

/// Reads and checks a message body: keys first, then the limits of its type.
/// What a template may hold is checked later, against its definition.
pub fn read_frame(body: &Value) -> Result<Frame, Wrong> {
    let need = |key: &str| {
        let missing = || Wrong::graph(100, None, format!("The parameter {key} is required."));
        body.get(key).filter(|v| !v.is_null()).ok_or_else(missing)
    };
    if need("messaging_product")? != "whatsapp" {
        return Err(Wrong::with(100, "Param messaging_product must be \"whatsapp\"."));
    }
    let recipient = match (body.get("to"), body.get("recipient")) {
        (None | Some(Value::Null), Some(Value::String(id))) => match bsuid(id) {
            true => Recipient::Bsuid(id.clone()),
            false => return Err(Wrong::with(131009, "Param recipient is not a user ID.")),
        },
        _ => match need("to")? {
            Value::String(to) if bsuid(to) => Recipient::Misplaced(to.clone()),
            Value::String(to) => Recipient::Phone(to.clone()),
            _ => return Err(Wrong::with(100, "Param to must be a string.")),
        },
    };
    match body.get("recipient_type").map_or(Some("individual"), Value::as_str) {
        Some("individual") => {}
        Some("group") => {
            return Err(Wrong::with(131215, "This number is not eligible for groups."));
        }
        _ => {
            return Err(Wrong::with(
                100,
                "Param recipient_type must be one of {individual, group}.",
            ));
        }
    }
    let word = body.get("type").and_then(Value::as_str).unwrap_or("text");
    let Some(kind) = Kind::read(word) else {
        let known: Vec<_> = Kind::ALL.iter().map(|(word, _)| word.to_uppercase()).collect();
        let why = format!("Param type must be one of {{{}}} - got \"{word}\".", known.join(", "));
        return Err(Wrong::with(100, why));
    };
    let content = need(word)?;
    let at = At::new(content, word);
    match kind {
        Kind::Interactive => interactive::check(&at)?,
        Kind::Template => at.only(&["name", "language", "components", "namespace"])?,
        _ => content::check(kind, &at)?,
    }
    let reply_to = match body.get("context") {
        None | Some(Value::Null) => None,
        Some(context) => Some(At::new(context, "context").need("message_id")?.text()?.to_owned()),
    };
    let tracker = match body.get("biz_opaque_callback_data") {
        None | Some(Value::Null) => None,
        Some(text) => Some(At::new(text, "biz_opaque_callback_data").sized(0, 512)?.to_owned()),
    };
    Ok(Frame { recipient, kind, content: content.clone(), reply_to, tracker })
}

/// Two capital letters, a dot, perhaps `ENT.`, then up to 128 letters and digits.
fn bsuid(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else {
        return false;
    };
    let rest = rest.strip_prefix("ENT.").unwrap_or(rest);
    country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && (1..=128).contains(&rest.len())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refusal(body: Value) -> Option<u32> {
        read_frame(&body).err().map(|wrong| wrong.code)
    }

    #[test]
    fn outer_keys_are_checked() {
        let good = json!({"messaging_product": "whatsapp", "to": "+15550001111",
            "type": "text", "text": {"body": "hi"}});
        assert_eq!(refusal(good.clone()), None);
        let table = [
            ("messaging_product", json!(null), Some(100)),
            ("messaging_product", json!("sms"), Some(100)),
            ("to", json!(null), Some(100)),
            ("to", json!(15550001111_i64), Some(100)),
            ("type", json!("fax"), Some(100)),
            ("type", json!("image"), Some(100)),
            ("text", json!(null), Some(100)),
            ("recipient_type", json!("crowd"), Some(100)),
            ("recipient_type", json!("group"), Some(131215)),
            ("context", json!({}), Some(131008)),
            ("context", json!({"message_id": "wamid.x"}), None),
            ("biz_opaque_callback_data", json!("é".repeat(512)), None),
            ("biz_opaque_callback_data", json!("x".repeat(513)), Some(131009)),
            ("unknown_key", json!(1), None),
        ];
        for (key, value, want) in table {
            let mut body = good.clone();
            body[key] = value.clone();
            assert_eq!(refusal(body), want, "{key} = {value}");
        }
    }

    #[test]
    fn to_wins_over_recipient_and_takes_no_user_id() {
        let read = |to: Value, recipient: Value| {
            let body = json!({"messaging_product": "whatsapp", "to": to, "recipient": recipient,
                "text": {"body": "hi"}});
            read_frame(&body).map(|frame| frame.recipient).map_err(|wrong| wrong.code)
        };
        let id = "US.13491200000000000001";
        assert_eq!(read(json!(null), json!(id)), Ok(Recipient::Bsuid(id.into())));
        assert_eq!(read(json!("1555"), json!(id)), Ok(Recipient::Phone("1555".into())));
        assert_eq!(read(json!(id), json!(null)), Ok(Recipient::Misplaced(id.into())));
        assert_eq!(read(json!(null), json!("15550001111")), Err(131009));
        assert_eq!(
            read(json!(null), json!("US.ENT.12a")),
            Ok(Recipient::Bsuid("US.ENT.12a".into()))
        );
    }
}
